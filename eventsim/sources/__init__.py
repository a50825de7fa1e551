"""Where frames come from: a video, a folder of images, arrays."""
