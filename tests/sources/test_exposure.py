"""Light by exposure: the sunny-16 rule, and what is not said."""

import numpy as np
import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

import eventsim
from eventsim.errors import ConfigError, SourceError
from eventsim.sources.exposure import exposure_lux
from eventsim.sources.opening import open_source
from eventsim.sources.reading import Reading


def write(path, time=None, f_number=None, iso=None, level=120):
    exif = Image.Exif()
    directory = exif.get_ifd(0x8769)
    for tag, value in ((0x829A, time), (0x829D, f_number), (0x8827, iso)):
        if value is not None:
            directory[tag] = value if tag == 0x8827 else IFDRational(*value)
    Image.fromarray(np.full((20, 30), level, np.uint8)).save(path, exif=exif)
    return path


def test_sunny_16(tmp_path):
    """In the sun, f/16 and a time of 1 / ISO: 64,000 lux; five stops darker, 2,000."""
    assert exposure_lux(write(tmp_path / "a.jpg", (1, 100), (16, 1), 100)) == pytest.approx(64_000)
    assert exposure_lux(write(tmp_path / "b.jpg", (32, 100), (16, 1), 100)) == pytest.approx(2_000)


@pytest.mark.parametrize(
    "said", [{}, {"time": (1, 50), "iso": 100}, {"time": (0, 50), "f_number": (2, 1), "iso": 100}]
)
def test_what_is_not_said_is_no_light(tmp_path, said):
    with pytest.raises(SourceError, match="does not say exposure time, f-number and ISO"):
        exposure_lux(write(tmp_path / "a.jpg", **said))
    (tmp_path / "b.jpg").write_bytes(b"no image")
    with pytest.raises(SourceError, match=r"exposure of .*b\.jpg cannot be read"):
        exposure_lux(tmp_path / "b.jpg")


def test_pixels_see_as_much_light_if_that_is_asked_for(tmp_path):
    folder = tmp_path / "frames"
    folder.mkdir()
    for k in range(3):
        write(folder / f"{k}.jpg", (1, 10), (2, 1), 6400)  # 1.6 lux
    how = {"fps": 5, "size": "source", "sensor": "ideal", "shot_noise_rate_hz": 0.1}
    plain, lit, told = (
        eventsim.simulate(folder, **how, **more)
        for more in ({}, {"by_exposure": True}, {"illuminance_lux": 1.5625})
    )
    assert len(lit) > 5 * len(plain)
    assert lit == told
    source = open_source(folder, Reading(fps=5, by_exposure=True))
    assert source.illuminance_lux == pytest.approx(1.5625)
    assert any("1.56 lux" in note for note in source.notes)


def test_a_video_does_not_say_it(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"x")
    with pytest.raises(ConfigError, match="by_exposure can be set for images only"):
        open_source(tmp_path / "a.mp4", Reading(by_exposure=True))
