"""Ten ways to record the same images, as N-ImageNet did to test how robust a classifier is.

N-ImageNet has a validation set recorded as the training set was, and nine others: five with
another trajectory, four with other light from dark to bright [1]_. How far, how fast and in how
many lux was not published: ALL NUMBERS HERE ARE CHOSEN BY EYE, so that a variant is clearly
different and still shows the image. Results on them compare methods with each other, not with
N-ImageNet.

References
----------
.. [1] Kim, Bae, Park, Zhang and Kim, "N-ImageNet: towards robust, fine-grained object recognition
   with event cameras", ICCV 2021.
"""

VARIANTS: dict[str, dict[str, object]] = {
    "original": {"path": "square"},
    # A small, a large, a fast one; the square on its corner; three saccades.
    "path-1": {"path": "square", "amplitude_px": 4.0},
    "path-2": {"path": "square", "amplitude_px": 16.0},
    "path-3": {"path": "square", "duration_us": 50_000, "loops": 4},
    "path-4": {"path": "diamond", "amplitude_px": 8.0, "loops": 1},
    "path-5": {"path": "triangle"},
    # Less light on the same contrast; then room light that veils the picture.
    "light-1": {"path": "square", "brightness": 0.05},
    "light-2": {"path": "square", "brightness": 0.25},
    "light-3": {"path": "square", "ambient_dn": 30.0},
    "light-4": {"path": "square", "ambient_dn": 120.0},
}
"""Name to fields of `eventsim.motion.settings.MotionSettings`; what is left out keeps its
default."""
