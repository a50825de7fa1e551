"""What renderers know: each layout gives the same vectors, and a folder of frames has them."""

import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.sources.images import ImageSource
from eventsim.sources.pictures import read_picture
from eventsim.sources.reading import Reading
from eventsim.sources.rendered_pictures import read_arrays, vectors_of_channels
from eventsim.sources.slow_motion import SlowMotion

H, W = 12, 20
RNG = np.random.default_rng(4)
IMAGE = RNG.uniform(0, 2, (H, W, 3)).astype(np.float32)
FORTH = RNG.normal(0, 3, (H, W, 2)).astype(np.float32)  # right, down, px
BACK = RNG.normal(0, 3, (H, W, 2)).astype(np.float32)
DEPTH = RNG.uniform(1, 9, (H, W)).astype(np.float32)
LUMINANCE = IMAGE @ np.array([0.2126, 0.7152, 0.0722], np.float32)


def save(path, **arrays):
    np.savez(path, **arrays)
    return path


def test_arrays_by_name(tmp_path):
    path = save(
        tmp_path / "a.npz", image=IMAGE, forward_flow=FORTH, backward_flow=BACK, depth=DEPTH
    )
    picture = read_picture(path)
    assert picture.linear
    assert picture.values == pytest.approx(LUMINANCE, rel=1e-5)
    for name, value in (("forth", FORTH), ("back", BACK), ("depth", DEPTH)):
        assert np.array_equal(getattr(picture.vectors, name), value)


def test_carla_has_shares_of_the_picture_and_up(tmp_path):
    raw = FORTH / [W, -H]
    _, vectors = read_arrays(save(tmp_path / "a.npz", image=IMAGE, carla_flow=raw))
    assert vectors.forth == pytest.approx(FORTH, rel=1e-5)
    assert vectors.back is None


def test_isaac_has_where_it_came_from(tmp_path):
    raw = np.concatenate([-BACK, np.zeros((H, W, 2))], -1)
    _, vectors = read_arrays(save(tmp_path / "a.npz", rgb=IMAGE, motion_vectors=raw))
    assert vectors.back == pytest.approx(BACK)


def test_blender_has_four_channels(tmp_path):
    """From the frame before and to the next one, to the left and down (measured with Cycles)."""
    names = {"X": BACK[..., 0], "Y": -BACK[..., 1], "Z": -FORTH[..., 0], "W": FORTH[..., 1]}
    channels = {f"ViewLayer.Vector.{name}": plane.copy() for name, plane in names.items()}
    vectors = vectors_of_channels(channels | {"ViewLayer.Depth.Z": DEPTH})
    assert np.array_equal(vectors.forth, FORTH)
    assert np.array_equal(vectors.back, BACK)
    assert np.array_equal(vectors.depth, DEPTH)
    assert vectors_of_channels({"R": DEPTH, "Z": DEPTH}) is None
    exr = pytest.importorskip("OpenEXR")
    header = {"compression": exr.ZIP_COMPRESSION, "type": exr.scanlineimage}
    colors = {f"ViewLayer.Combined.{n}": IMAGE[..., k].copy() for k, n in enumerate("RGB")}
    with exr.File(header, channels | colors | {"ViewLayer.Depth.Z": DEPTH}) as file:
        file.write(str(tmp_path / "a.exr"))
    picture = read_picture(tmp_path / "a.exr")
    assert picture.values == pytest.approx(LUMINANCE, rel=1e-5)
    assert np.array_equal(picture.vectors.forth, FORTH)


def test_integers_are_coded_and_vectors_are_not_needed(tmp_path):
    codes = RNG.integers(0, 256, (H, W, 3), dtype=np.uint8)
    picture = read_picture(save(tmp_path / "a.npz", colors=codes))
    assert not picture.linear
    assert picture.vectors is None
    assert np.array_equal(picture.values, codes)


def test_a_folder_of_them_at_another_size(tmp_path):
    """Vectors are in the pixels of the frames that come out; stages keep them."""
    for k in range(3):
        save(tmp_path / f"{k}.npz", image=IMAGE[..., 0], forward_flow=np.full((H, W, 2), [4, 2.0]))
    source = ImageSource(tmp_path, fps=50, size=(10, 6))
    frames = list(source)
    assert all(frame.vectors is not None for frame in frames)
    assert frames[1].vectors.forth.shape == (6, 10, 2)
    assert frames[1].vectors.forth == pytest.approx(np.full((6, 10, 2), [2, 1.0]))
    assert source.encoding.transfer == "linear"
    (slow,) = list(SlowMotion(2).frames(frames[1:2], []))
    assert slow.t_us == 10_000
    assert slow.vectors is frames[1].vectors
    assert Reading(upsample="flow").stages()


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"depth": DEPTH}, "expected an image in .*a.npz, found depth. Call it 'image'"),
        ({"image": IMAGE[0, 0]}, r"must be \(H, W\) or \(H, W, 3\), found \(3,\)"),
        ({"image": IMAGE, "flow": FORTH[:3]}, r"flow of .* must be \(12, 20, 2\) as its image is"),
        ({"image": IMAGE, "flow": FORTH, "depth": DEPTH[:3]}, r"depth of .* must be \(12, 20\)"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, arrays, words):
    with pytest.raises(SourceError, match=words):
        read_arrays(save(tmp_path / "a.npz", **arrays))


def test_what_is_no_archive_and_what_would_run_code(tmp_path):
    (tmp_path / "a.npz").write_bytes(b"nothing")
    with pytest.raises(SourceError, match=r"a\.npz cannot be read"):
        read_picture(tmp_path / "a.npz")
    np.savez(tmp_path / "b.npz", image=np.array([{"a": 1}], object))
    with pytest.raises(SourceError, match=r"b\.npz cannot be read"):
        read_picture(tmp_path / "b.npz")
