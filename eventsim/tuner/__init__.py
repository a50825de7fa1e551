"""A page in the browser on which sliders move the settings of a camera; needs the extra `tune`."""
