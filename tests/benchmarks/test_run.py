import importlib
import subprocess
import sys
from fractions import Fraction
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import av
import numpy as np
import pytest
from rich.console import Console

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def bench():
    """The modules of benchmarks/, which is a folder of programs and no package."""
    names = [path.stem for path in FOLDER.glob("*.py")]
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})
    for name in names:
        sys.modules.pop(name, None)


@pytest.fixture
def video(tmp_path):
    """Three flat frames of luma 16, 125 and 235 (limited range), 28 a second, lossless."""
    path = tmp_path / "flat.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=28, options={"qp": "0"})
        stream.width, stream.height, stream.pix_fmt = 32, 16, "yuv420p"
        for i, luma in enumerate((16, 125, 235)):
            picture = av.VideoFrame(32, 16, "yuv420p")
            for plane, value in zip(picture.planes, (luma, 128, 128), strict=True):
                plane.update(bytes([value]) * plane.buffer_size)
            picture.pts, picture.time_base = i, Fraction(1, 28)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def flat_clip(bench, codes, fps=25.0, shape=(12, 16)):
    frames = np.array(codes, np.uint8)[:, None, None] * np.ones(shape, np.uint8)
    return bench.clips.make_clip("flat", frames, fps)


def test_clip_is_decoded_to_full_range_at_the_rate_of_the_file(bench, video):
    clip = bench.clips.read_clip(video, "v{height}")
    # (125 - 16) * 255 / 219 = 126.9
    assert [np.unique(frame).tolist() for frame in clip.frames] == [[0], [127], [255]]
    assert clip.frames.shape == (3, 16, 32)
    assert clip.t_us.tolist() == [0, 35714, 71429]
    assert (clip.name, clip.size, clip.pixel_frames) == ("v16", (32, 16), 2 * 512)


def test_clip_is_resized(bench, video):
    clip = bench.clips.read_clip(video, "small", size=bench.clips.SensorSize(10, 6))
    assert clip.frames.shape == (3, 6, 10)
    assert np.unique(clip.frames[1]).tolist() == [127]


def test_slow_motion_blends_linearly(bench):
    slow = bench.clips.slow_motion(flat_clip(bench, [0, 80, 40]))
    assert slow.frames[:, 0, 0].tolist() == [*range(0, 80, 10), *range(80, 40, -5), 40]
    assert slow.t_us[[0, 1, 8, 16]].tolist() == [0, 5000, 40_000, 80_000]


def test_slow_motion_stays_below_its_memory(bench):
    slow = bench.clips.slow_motion(flat_clip(bench, [0, 8, 0, 8, 0]), most_bytes=2 * 8 * 12 * 16)
    assert slow.frames[:, 0, 0].tolist() == [*range(8), *range(8, 0, -1), 0]


def test_still_clip_makes_no_events_and_a_step_the_right_number(bench):
    clip = flat_clip(bench, [100, 100, 200, 200])
    clean = bench.measure_pixel.make_settings(bench.measure_pixel.PIXELS["v2e-clean"])
    assert bench.clips.push_clip(bench.clips.still(clip, 9), clean, threads=1).events == 0
    run = bench.clips.push_clip(clip, clean, threads=2)
    # sRGB 100 is 0.1274 and 200 is 0.5776 of white: ln 4.53 = 1.51, seven thresholds of 0.2 and a
    # half, so a mismatch of 0.02 gives now and then six or eight.
    assert run.events / (12 * 16) == pytest.approx(7, abs=0.6)
    assert run.first_s > 0
    assert run.rest_s > 0


def test_quiet_preset_keeps_its_noise_terms_but_never_fires(bench):
    quiet = bench.measure_pixel.quiet_settings("v2e-noisy")
    assert 0 < quiet.shot_noise_rate_hz < 0.01
    assert 0 < quiet.leak_rate_hz < 0.01
    assert quiet.photoreceptor_cutoff_hz == 30


def test_pixel_table(bench, monkeypatch):
    monkeypatch.setattr(bench.measure_pixel, "STILL_PIXEL_FRAMES", 2000)
    (table,) = bench.measure_pixel.measure_pixel([flat_clip(bench, [100, 200] * 5)], 2)
    pixels = ["v2e-clean", "v2e-noisy", "davis346"]
    assert [row[:2] for row in table.rows] == [["flat", name] for name in pixels]
    per_pixel_frame = float(table.rows[0][5])
    assert per_pixel_frame == pytest.approx(7.3, abs=0.8)
    assert all(float(cell.replace(",", "")) > 0 for cell in table.rows[0][2:5])


def test_interleaving_goes_round_and_pairs_rounds(bench):
    seen = []
    jobs = {name: lambda name=name: seen.append(name) or len(seen) for name in "ab"}
    assert bench.timing.interleave(jobs, 3) == {"a": [1, 3, 5], "b": [2, 4, 6]}
    assert seen == list("ababab")
    assert bench.timing.ratio([1.0, 30.0, 2.0], [1.0, 10.0, 1.0]) == 2.0


def test_table_as_text_and_markdown(bench):
    table = bench.tables.Table("Speed", ("clip", "a|b"), [["x", "1"]], ["Warm."])
    out = StringIO()
    bench.tables.show(table, Console(file=out, width=60))
    assert all(word in out.getvalue() for word in ("Speed", "clip", "a|b", "Warm."))
    assert bench.tables.to_markdown(table) == (
        "### Speed\n\n| clip | a\\|b |\n|---|---:|\n| x | 1 |\n\nWarm.\n"
    )


def test_table_refuses_a_short_row(bench):
    with pytest.raises(ValueError, match="must have 2 cells, found 1"):
        bench.tables.Table("Speed", ("clip", "b"), [["x"]])


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.01234, "0.0123"), (7.0, "7"), (99.96, "100"), (12345, "12,345")],
)
def test_numbers_have_three_digits(bench, value, text):
    assert bench.tables.number(value) == text


def test_exact_events_of_the_sinusoid(bench):
    t_us, on = bench.measure_peer.sine_truth()
    # From 120 DN up to 220: ln = 0.606, three events; down to 20 and up again: ln 11 = 2.40, with
    # hysteresis 11 each way. Eight falls, seven whole rises, and 10 of the last.
    assert len(t_us) == 3 + 8 * 11 + 7 * 11 + 10
    assert on[:4].tolist() == [True, True, True, False]
    # 120 exp(0.2) = 146.57 = 120 + 100 sin(2 pi 8 t): t = asin(0.2657) / 50.27 = 5.350 ms
    assert t_us[0] == pytest.approx(5350, abs=1)


def test_sinusoid_is_sampled_as_srgb(bench):
    clip = bench.measure_peer.sine_clip()
    # 120 / 255 of white has the sRGB code 1.055 * 186.27 - 14.03 = 182.49.
    assert np.unique(clip.frames[0]).tolist() == [182]
    assert len(clip.frames) == 247
    assert clip.t_us[240] == 1_000_000


def test_time_errors_are_to_the_nearest_of_the_same_polarity(bench):
    t, on = np.array([10, 20, 95]), np.array([True, False, True])
    truth, truth_on = np.array([9, 19, 23, 100, 200]), np.array([True, True, False, True, False])
    errors = bench.measure_peer.time_errors(t, on, truth, truth_on)
    assert sorted(errors.tolist()) == [1, 3, 5]


def test_missing_peer_says_how_to_install_it(bench, monkeypatch):
    monkeypatch.setenv("RAYON_NUM_THREADS", "1")
    monkeypatch.setitem(sys.modules, "eventcv", None)
    (table,) = bench.measure_peer.measure_peer([], 1)
    assert "pip install eventcv" in table.notes[0]


def test_texture_moves(bench):
    frames = dict(bench.measure_memory.moving_texture(9))
    first, last = frames[0], frames[8 * 40_000]
    assert first.shape == (260, 346)
    assert np.array_equal(first[:, 1:], last[:, :-1])
    assert not np.array_equal(first, last)


def test_peak_is_that_of_the_process_alone():
    ballast = np.ones(25_000_000)  # 200 MB that a child must not count as its own
    code = (
        "import numpy as np; from measure_memory import peak_mb; before = peak_mb();"
        "taken = np.ones(12_500_000); print(before, peak_mb())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=FOLDER, capture_output=True, text=True, check=True
    )
    before, after = (float(word) for word in done.stdout.split())
    assert after - before == pytest.approx(100, abs=5)
    assert before < ballast.nbytes / 1e6


def test_store_gives_back_its_events(bench):
    packets = bench.measure_store.make_packets(flat_clip(bench, [100, 200] * 5), "v2e-clean")
    for store in (bench.measure_store.write_and_read, bench.measure_store.columns_by_zarr):
        assert store(packets).bytes > 0
    assert sum(len(packet.events) for packet in packets) > 9 * 6 * 12 * 16


def test_main_prints_and_writes_the_table(bench, video, tmp_path, capsys):
    out = tmp_path / "out.md"
    arguments = ["--demo", str(video), "--bbb", str(video), "--repeats", "1"]
    assert bench.run.main([*arguments, "--only", "decode", "--markdown", str(out)]) == 0
    assert "Convert beside decoding" in capsys.readouterr().out
    text = out.read_text(encoding="utf-8")
    assert "| decode alone |" in text
    assert "32x16, 3 frames" in text
    assert "bundled" not in text


def test_without_clips_the_bundled_one_is_used(bench):
    options = bench.run.parse([])
    assert options.demo == options.bbb == bench.run.BUNDLED
    assert options.bbb.is_file()
    assert options.only == bench.run.BENCHMARKS


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only", "pixel,speed"], "found 'speed'"),
        (["--bbb", "nothing.mp4"], "there is no file nothing.mp4"),
        (["--repeats", "0"], "--repeats must be 1 or more"),
    ],
)
def test_wrong_arguments_are_one_line(bench, arguments, words, capsys):
    with pytest.raises(SystemExit) as stopped:
        bench.run.parse(arguments)
    assert stopped.value.code == 2
    assert words in capsys.readouterr().err


def test_v2e_is_taken_from_a_folder_that_is_given(bench, tmp_path, monkeypatch):
    """A stand-in with the call of v2e's emulator: two rows a frame, none for the first."""
    (note,) = bench.measure_v2e.measure_v2e([], None, 1)
    assert "--v2e FOLDER" in note.notes[0]
    (tmp_path / "v2ecore").mkdir()
    (tmp_path / "v2ecore" / "emulator.py").write_text(
        "class EventEmulator:\n"
        "    def __init__(self, pos_thres, neg_thres, sigma_thres, cutoff_hz, leak_rate_hz,\n"
        "                 leak_jitter_fraction, noise_rate_cov_decades, shot_noise_rate_hz,\n"
        "                 refractory_period_s, seed, device):\n"
        "        assert (pos_thres, sigma_thres in (0.02, 0.05), device) == (0.2, True, 'cpu')\n"
        "        self.times = []\n"
        "    def generate_events(self, new_frame, t_frame):\n"
        "        self.times.append(t_frame)\n"
        "        assert self.times == sorted(set(self.times))\n"
        "        return None if len(self.times) == 1 else [[t_frame, 0, 0, 1]] * 2\n"
    )
    clip = flat_clip(bench, [100, 200] * 5)
    before = list(sys.path)
    (table,) = bench.measure_v2e.measure_v2e([clip], tmp_path, 1)
    assert sys.path == before
    monkeypatch.delitem(sys.modules, "v2ecore.emulator")
    monkeypatch.delitem(sys.modules, "v2ecore")
    assert [row[:2] for row in table.rows] == [["flat", "v2e-clean"], ["flat", "v2e-noisy"]]
    # 18 events of theirs; ln 2 is 2 to 4 levels of ours, 9 times, of 12 x 16 pixels.
    assert 18 / (9 * 4 * 192) < float(table.rows[0][5]) < 18 / (9 * 2 * 192)
    with pytest.raises(SystemExit):
        bench.run.parse(["--v2e", str(tmp_path / "v2ecore")])
    assert bench.run.parse(["--v2e", str(tmp_path)]).v2e == tmp_path
