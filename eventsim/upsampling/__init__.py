"""Frames between the frames of a video, so that nothing moves far from one to the next."""
