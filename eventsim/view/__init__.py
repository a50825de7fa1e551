"""Events as something to look at: video, GIF, picture, x-y-t scatter."""
