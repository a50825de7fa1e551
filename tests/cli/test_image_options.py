"""What may be typed together, and what not."""

import pytest

from eventsim.cli.image_options import ImageFlags, image_size, parse_moves
from eventsim.cli.options import CameraFlags, FrameFlags
from eventsim.errors import ConfigError


def test_values_of_a_motion():
    values = parse_moves(("amplitude_px=5", "blur_px=.5", "negative=true", "outside=black"))
    assert values == {"amplitude_px": 5, "blur_px": 0.5, "negative": True, "outside": "black"}
    for wrong in ("amplitude_px", "amplitude_px="):
        with pytest.raises(ConfigError, match="name=value"):
            parse_moves((wrong,))


def test_settings_reach_the_method():
    made = ImageFlags("i2e", ratio=0.2, directions="random", order=1).make_method(CameraFlags())
    assert (made.settings.ratio, made.settings.directions, made.settings.order) == (
        0.2,
        "random",
        1,
    )
    moved = ImageFlags("saccade", motion="square", move=("loops=2",), variant=None)
    made = moved.make_method(CameraFlags(sensor="dvs128", noise="card"))
    assert (made.motion.path, made.motion.loops, made.camera.name) == ("square", 2, "dvs128")
    variant = ImageFlags("saccade", variant="light-1").make_method(CameraFlags())
    assert variant.motion.brightness < 1


@pytest.mark.parametrize(
    ("flags", "camera", "words"),
    [
        (ImageFlags("i2e", motion="square"), {}, "--motion belongs to --method saccade"),
        (ImageFlags("i2e", move=("loops=2",)), {}, "--move belongs to --method saccade"),
        (ImageFlags("saccade", ratio=0.1), {}, "--ratio belongs to --method i2e"),
        (ImageFlags("i2e"), {"sensor": "dvs128"}, "--sensor belongs to a camera"),
        (ImageFlags("i2e"), {"set_": ("leak_rate_hz=1",)}, "--set belongs to a camera"),
        (ImageFlags("i2e", ratio=0.1, rate=0.1), {}, "exclude each other"),
        (ImageFlags("i2e", ratio=1.5), {}, "ratio"),
        (ImageFlags("saccade", variant="light-9"), {}, "light-"),
        (ImageFlags("saccade", move=("ampltude_px=3",)), {}, "amplitude_px"),
    ],
)
def test_what_does_not_belong_together(flags, camera, words):
    with pytest.raises(ConfigError, match=words):
        flags.make_method(CameraFlags(**camera))


def test_options_of_images_need_a_method():
    with pytest.raises(ConfigError, match="--limit is for still images"):
        ImageFlags(limit=3).refuse_all()
    ImageFlags().refuse_all()


def test_sizes_of_images():
    assert image_size(FrameFlags(), "i2e") == (None, "stretch")
    assert image_size(FrameFlags(size="30x20", fit="crop"), "i2e") == ((30, 20), "crop")
    with pytest.raises(ConfigError, match="--fps is for videos"):
        image_size(FrameFlags(fps=10), "i2e")
    with pytest.raises(ConfigError, match="stretch or crop"):
        image_size(FrameFlags(fit="pad"), "i2e")
