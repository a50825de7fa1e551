"""Where frames come from: a video, images, arrays, scenes with known answers."""
