"""Which model pixels follow is what their settings say."""

import numpy as np
import pytest

import eventsim
from eventsim.camera import choose_camera
from eventsim.errors import ConfigError
from eventsim.events import SensorSize
from eventsim.pixel.closed_form import ClosedFormPixels
from eventsim.pixel.light import make_light
from eventsim.pixel.linear import LinearPixels, LinearSettings
from eventsim.pixel.models import MODELS, make_model, make_settings, settings_of
from eventsim.pixel.settings import PixelSettings

SIZE = SensorSize(6, 5)
RNG = np.random.default_rng(3)
FRAMES = RNG.integers(20, 250, (8, 5, 6), dtype=np.uint8)
T_US = np.arange(8) * 5000


def test_settings_are_tagged_by_the_name_of_their_model():
    assert isinstance(make_settings({}), PixelSettings)
    assert isinstance(make_settings({"model": "linear"}), LinearSettings)
    for name, (kind, _) in MODELS.items():
        assert settings_of(name) is kind
        assert kind().model == name
    assert isinstance(make_model(SIZE, PixelSettings(), 1, 1), ClosedFormPixels)
    assert isinstance(make_model(SIZE, LinearSettings(), 1, 1), LinearPixels)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"model": "linaer"}, "no pixel model 'linaer'. Did you mean 'linear'"),
        ({"model": "linear", "leak_rate_hz": 1}, "there is no setting 'leak_rate_hz'"),
        ({"model": "linear", "contrast_threshold_on": 0}, "contrast_threshold_on: .* found 0"),
    ],
)
def test_what_a_model_does_not_have_is_refused(values, words):
    with pytest.raises(ConfigError, match=words):
        make_settings(values)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_keeps_the_promises_of_pixels(name):
    """At rest on the first frame; sorted packets; frames counted; saved, it goes on alike."""
    light = make_light(FRAMES.reshape(8, -1), eventsim.Encoding())
    kind, _ = MODELS[name]
    whole = make_model(SIZE, kind(), 1, 1)
    assert whole.last_us is None
    assert whole.save() == {}
    packet = whole.push(light, T_US)
    assert whole.last_us == T_US[-1]
    assert packet.frame_stop[0] == 0
    stops = np.searchsorted(packet.events.t, T_US, side="right")
    assert packet.frame_stop.tolist() == stops.tolist()
    raster = packet.events.y.astype(int) * SIZE.width + packet.events.x
    order = np.lexsort((raster, packet.events.t))
    assert np.array_equal(packet.events.t[order], packet.events.t)
    assert np.array_equal(raster[order], raster)
    for plane, seen in zip(light.planes_of(7), whole.seen(), strict=True):
        assert np.array_equal(plane, seen) or name == "closed-form"  # luminance only if needed
    assert np.array_equal(light.planes_of(7)[0], whole.seen()[0])
    first, second = make_model(SIZE, kind(), 1, 1), make_model(SIZE, kind(), 1, 1)
    begun = first.push(light.frames(slice(0, 3)), T_US[:3]).events
    second.restore(first.save())
    rest = second.push(light.frames(slice(3, None)), T_US[3:]).events
    assert eventsim.Events.concatenate([begun, rest], SIZE) == packet.events


SETTINGS = [
    {},
    {"model": "linear"},
    {"photoreceptor_cutoff_hz": 60, "threshold_mismatch": 0.03},
    {"photoreceptor_cutoff_hz": 60, "leak_rate_hz": 3, "refractory_period_us": 400},
]


@pytest.mark.parametrize("values", SETTINGS)
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_light_is_exchanged_without_an_event_and_all_else_goes_on(values, dtype):
    """As if all frames after had been brighter by a factor; the two have the same events."""
    log = np.log(FRAMES.astype(np.float64))
    settings = make_settings(values)
    jump = np.linspace(-0.7, 0.7, 30).astype(np.float32)
    if dtype == np.uint8:  # the same codes again: nothing changes at all
        light, other = (make_light(FRAMES.reshape(8, -1), eventsim.Encoding()),) * 2
    else:
        planes = log.astype(np.float32).reshape(8, -1)
        light, other = (make_light(v, eventsim.Encoding("log")) for v in (planes, planes + jump))
    if "photoreceptor_cutoff_hz" in values:  # whose speed is that of the light
        other.luminance_planes[:] = light.luminance_planes
    whole, cut = (make_model(SIZE, settings, 1, 1) for _ in range(2))
    want = whole.push(light, T_US).events
    begun = cut.push(light.frames(slice(0, 4)), T_US[:4]).events
    cut.exchange(other.frames(slice(3, 4)))
    assert np.array_equal(cut.seen()[0], other.planes_of(3)[0])
    rest = cut.push(other.frames(slice(4, None)), T_US[4:]).events
    found = eventsim.Events.concatenate([begun, rest], SIZE)
    assert len(found) == len(want) > 100
    assert np.array_equal(found.p, want.p)
    assert np.abs(found.t - want.t).max() <= 1  # rounding


def test_a_camera_leaves_out_what_its_model_does_not_have():
    camera = choose_camera("davis346", overrides={"model": "linear"})
    assert camera.settings == LinearSettings(
        contrast_threshold_on=0.19, contrast_threshold_off=0.19
    )
    assert camera.values["model"] == "linear"
    given = eventsim.simulate((FRAMES, T_US), sensor="davis346", model="linear")
    plain = eventsim.simulate(
        (FRAMES, T_US), sensor="ideal", contrast_threshold_on=0.19, contrast_threshold_off=0.19
    )
    assert len(given) == len(plain) > 50
    assert np.abs(np.sort(given.t) - np.sort(plain.t)).max() <= 1
