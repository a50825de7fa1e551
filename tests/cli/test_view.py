"""`eventsim view` on a small dataset, written by hand."""

import shutil
from pathlib import Path

import av
import imageio.v3 as iio
import numpy as np
import pytest

from eventsim.cli.view import Look, Speed, view
from eventsim.errors import ConfigError, SourceError, StoreError
from eventsim.events import Events, Packet
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.writer import PartWriter

SIZE = (64, 48)
FRAME_T_US = np.arange(11) * 10_000


def write_video(path: Path) -> None:
    """Eleven frames at 100 Hz, black to bright."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=100, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for i in range(11):
            values = np.full((SIZE[1], SIZE[0], 3), 20 * i, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(values, format="rgb24")))
        container.mux(stream.encode())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of two recordings, the second without events, and the source of the first."""
    folder = tmp_path_factory.mktemp("view")
    write_video(folder / "clip.mp4")
    create_dataset(folder / "clip.zarr", {"sensor": "ideal", "noise": "v2e-clean"}, parts=1)
    writer = PartWriter(folder / "clip.zarr", 0)
    i = np.arange(1000)
    events = Events.of(i * 100 + 1, i % 64, i % 48, i % 2 == 0, size=SIZE)
    stops = np.searchsorted(events.t, FRAME_T_US, side="right")
    for packet in (
        Packet(events, FRAME_T_US, stops),
        Packet(Events.empty(SIZE), FRAME_T_US, 0 * stops),
    ):
        writer.begin_recording(size=SIZE, source=str(folder / "clip.mp4"), seed=1)
        writer.write(packet)
        writer.end_recording()
    writer.commit()
    finish(folder / "clip.zarr")
    return folder


def film(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_a_film_is_written_beside_the_dataset(folder: Path, capsys):
    view(folder / "clip.zarr", speed=Speed(slow=1))
    pages = film(folder / "clip_events.mp4")
    assert len(pages) == 3  # 0.1 s at 30 a second
    assert pages[0].shape[1] > 2 * 640  # the source is found by itself
    assert capsys.readouterr().out.splitlines() == [f"wrote {folder / 'clip_events.mp4'}"]


def test_the_source_is_shown_at_the_right_time(folder: Path, tmp_path: Path):
    view(folder / "clip.zarr", tmp_path / "a.mp4", speed=Speed(fps=20, slow=1))
    levels = [int(page[300, 100, 0]) for page in film(tmp_path / "a.mp4")]
    assert levels == pytest.approx([100, 200], abs=6)  # windows end at frames 5 and 10


def test_a_source_that_is_gone_is_said(folder: Path, tmp_path: Path, capsys):
    moved = tmp_path / "moved"
    shutil.copytree(folder, moved)
    (moved / "clip.mp4").rename(moved / "other.mp4")
    dataset = moved / "clip.zarr"  # the recording points to the first folder
    (folder / "clip.mp4").rename(folder / "away.mp4")
    try:
        view(dataset, tmp_path / "a.mp4")
    finally:
        (folder / "away.mp4").rename(folder / "clip.mp4")
    assert "clip.mp4' is not there: events alone. --source" in capsys.readouterr().out
    assert film(tmp_path / "a.mp4")[0].shape[1] < 2 * 640
    view(dataset, tmp_path / "b.mp4", source=moved / "other.mp4")
    assert film(tmp_path / "b.mp4")[0].shape[1] > 2 * 640


def test_gif_and_pictures(folder: Path, tmp_path: Path):
    view(folder / "clip.zarr", tmp_path / "a.gif", speed=Speed(slow=1))
    assert iio.imread(tmp_path / "a.gif").shape[0] == 2  # 20 a second
    view(folder / "clip.zarr", tmp_path / "a.png", look=Look(background="black", count=100))
    view(folder / "clip.zarr", tmp_path / "b.png", look=Look(scatter=True))
    assert (iio.imread(tmp_path / "a.png")[0, 0, :3] == (26, 26, 30)).all()
    assert iio.imread(tmp_path / "b.png").shape == (792, 1408, 4)


def test_options_reach_the_film(folder: Path, tmp_path: Path):
    look = Look(start=0.02, stop=0.06, decay_ms=5)
    view(folder / "clip.zarr", tmp_path / "a.mp4", look=look, speed=Speed(slow=10, fps=50))
    assert len(film(tmp_path / "a.mp4")) == 20  # 40 ms, ten times slower, at 50 a second


def test_short_windows_are_said_to_leave_events_out(folder: Path, tmp_path: Path, capsys):
    view(folder / "clip.zarr", tmp_path / "a.mp4", look=Look(window_ms=1), speed=Speed(slow=1))
    assert "note: The pictures show 3% of the time" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("a.avi", {}, r"must end in \.mp4, \.gif, \.png, \.pdf, \.svg"),
        ("a.mp4", {"look": Look(scatter=True)}, "--scatter draws a picture"),
        ("a.gif", {"look": Look(panel="rate")}, "--panel draws a picture"),
        ("a.png", {"look": Look(scatter=True, panel="rate")}, "exclude each other"),
        ("a.png", {"speed": Speed(slow=2)}, "--slow and --fps are for a film"),
        ("a.mp4", {"look": Look(window_ms=5, count=5)}, "both --window-ms 5 and --count 5"),
        ("a.mp4", {"look": Look(window_ms=-1)}, "--window-ms must be"),
        ("a.mp4", {"recording": 2}, "from 0 to 1 for .*found 2"),
        ("a.mp4", {"recording": 1}, "recording 1 of .* has no events"),
        ("a.mp4", {"look": Look(start=5)}, "Choose another start or stop"),
        ("a.mp4", {"speed": Speed(fps=0)}, "--fps must be 0.001 to 1e"),
        ("a.mp4", {"look": Look(start=float("nan"))}, "--start must be -1e.09 to 1e.09"),
        ("a.mp4", {"look": Look(window_ms=float("inf"))}, "--window-ms must be"),
    ],
)
def test_mistakes_are_one_line(folder: Path, tmp_path: Path, name: str, options: dict, said: str):
    with pytest.raises(ConfigError, match=said) as caught:
        view(folder / "clip.zarr", tmp_path / name, **options)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_the_source_is_never_overwritten(folder: Path):
    before = (folder / "clip.mp4").read_bytes()
    with pytest.raises(ConfigError, match="would overwrite the source"):
        view(folder / "clip.zarr", folder / "clip.mp4")
    assert (folder / "clip.mp4").read_bytes() == before


def test_a_given_source_that_is_not_there_is_an_error(folder: Path, tmp_path: Path):
    with pytest.raises(SourceError, match=r"nothing\.mp4"):
        view(folder / "clip.zarr", tmp_path / "a.mp4", source=tmp_path / "nothing.mp4")


def test_no_dataset_is_an_error(tmp_path: Path):
    with pytest.raises(StoreError, match="no dataset"):
        view(tmp_path / "nothing.zarr", tmp_path / "a.mp4")


def test_the_source_is_found_from_any_folder(tmp_path: Path, monkeypatch, capsys):
    """Also when dataset and source were moved together."""
    from eventsim.cli.main import main

    home = tmp_path / "first"
    home.mkdir()
    write_video(home / "clip.mp4")
    monkeypatch.chdir(home)
    assert main(["convert", "clip.mp4", "clip.zarr", "--size", "source", "-q"]) == 0
    home.rename(tmp_path / "second")
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    view(Path("second/clip.zarr"), tmp_path / "film.mp4")
    assert "not there" not in capsys.readouterr().out
    with pytest.raises(ConfigError, match="would overwrite the source"):
        view(Path("second/clip.zarr"), tmp_path / "second" / "clip.mp4")


def test_times_that_were_given_are_found_again(tmp_path: Path, monkeypatch, capsys):
    from eventsim.cli.main import main

    home = tmp_path / "home"
    (home / "frames").mkdir(parents=True)
    for i in range(4):
        iio.imwrite(home / "frames" / f"{i}.png", np.full((48, 64), 40 * i + 9, np.uint8))
    (home / "times.txt").write_text("0\n10000\n20000\n30000\n")
    arguments = [str(home / "frames"), str(home / "o.zarr"), "--times", str(home / "times.txt")]
    assert main(["convert", *arguments, "--size", "source", "-q"]) == 0
    capsys.readouterr()
    view(home / "o.zarr", tmp_path / "film.mp4", speed=Speed(slow=1))
    assert capsys.readouterr().out == f"wrote {tmp_path / 'film.mp4'}\n"


def test_parts_for_papers(folder: Path, tmp_path: Path, monkeypatch):
    view(folder / "clip.zarr", tmp_path / "a.pdf", look=Look(panel="events", color="kind"))
    view(folder / "clip.zarr", tmp_path / "b.svg", look=Look(panel="frame"))
    assert (tmp_path / "a.pdf").read_bytes()[:4] == b"%PDF"
    assert "<svg" in (tmp_path / "b.svg").read_text()
    view(folder / "clip.zarr", look=Look(panel="rate"))
    assert (folder / "clip_rate.png").exists()


def test_planes(tmp_path: Path, capsys):
    from eventsim.cli.main import main

    rng = np.random.default_rng(0)
    np.savez(tmp_path / "set.npz", images=rng.integers(0, 256, (9, 6, 8), dtype=np.uint8))
    made = ["convert", str(tmp_path / "set.npz"), str(tmp_path / "p.zarr"), "--method", "i2e", "-q"]
    assert main(made) == 0
    view(tmp_path / "p.zarr", recording=7)
    assert iio.imread(tmp_path / "p_planes_7.png").shape[0] < 500  # two rows are left
    with pytest.raises(ConfigError, match=r"planes, which have no time to play.*Name a \.png"):
        view(tmp_path / "p.zarr", tmp_path / "a.mp4")
    with pytest.raises(ConfigError, match="sample 9 does not exist"):
        view(tmp_path / "p.zarr", recording=9)


def test_a_picture_of_planes_never_overwrites_an_image(tmp_path: Path):
    from eventsim.cli.main import main

    (tmp_path / "images").mkdir()
    image = tmp_path / "images" / "cat.png"
    iio.imwrite(image, np.arange(48, dtype=np.uint8).reshape(6, 8))
    before = image.read_bytes()
    made = ["convert", str(tmp_path / "images"), str(tmp_path / "p.zarr"), "--method", "i2e", "-q"]
    assert main(made) == 0
    with pytest.raises(ConfigError, match="would overwrite the source"):
        view(tmp_path / "p.zarr", image)
    view(tmp_path / "p.zarr", tmp_path / "images" / "new.png")
    assert image.read_bytes() == before
