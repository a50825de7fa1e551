"""Ranges of images: each read once, in order, with its labels and its place."""

import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.pipeline import image_task
from eventsim.pipeline.image_plan import I2EMethod, plan_images
from eventsim.pipeline.image_task import ImageInput, ImageRange, open_input, read_images
from eventsim.planes.settings import make_i2e_settings


def test_images_have_their_place_in_the_plan_and_their_names(pictures):
    given = ImageInput(str(pictures))
    found = list(
        read_images(
            (ImageRange(given, 2, 5, 12), ImageRange(given, 6, 9, 15)), pictures.parent / "o.zarr"
        )
    )
    assert [placed.index for placed in found] == [12, 13, 14, 15, 16, 17]
    assert found[0].source == "pictures/ant/2.png"
    assert found[0].image.label == "ant"
    assert found[4].image is None
    assert "is empty" in found[4].reason


def test_what_the_input_says_beats_the_set(pictures):
    given = ImageInput(str(pictures), split="val", label="insect", group="g")
    (placed,) = read_images((ImageRange(given, 0, 1, 0),), pictures / "o.zarr")
    assert (placed.image.label, placed.image.split, placed.group) == ("insect", "val", "g")


def test_a_split_that_is_not_there(pictures):
    (pictures.parent / "both" / "train").mkdir(parents=True)
    pictures.rename(pictures.parent / "both" / "train" / "x")
    with pytest.raises(SourceError, match="split 'val'"):
        open_input(ImageInput(str(pictures.parent / "both"), split="val"))


def test_a_set_that_has_become_smaller_fails_image_by_image(tmp_path):
    np.savez(tmp_path / "a.npz", images=np.zeros((2, 4, 4), np.uint8))
    given = ImageInput(str(tmp_path / "a.npz"))
    found = list(read_images((ImageRange(given, 0, 3, 0),), tmp_path / "o.zarr"))
    assert len(found) == 3
    assert all("held 3 images when it was looked at" in placed.reason for placed in found)


def test_a_set_is_opened_once_in_a_process(pictures, monkeypatch):
    """Not once for each of the thousands of parts of a large one."""
    opened = []
    real = image_task.open_image_set
    monkeypatch.setattr(
        image_task, "open_image_set", lambda *a, **o: opened.append(a) or real(*a, **o)
    )
    open_input.cache_clear()
    given = ImageInput(str(pictures))
    for k in range(5):
        list(read_images((ImageRange(given, k, k + 1, k),), pictures.parent / "o.zarr"))
    assert len(opened) == 1


def test_planning_looks_again(pictures):
    """Images that were added in the meantime are seen."""
    method = I2EMethod(make_i2e_settings())
    before = plan_images([str(pictures)], method)
    (pictures / "ant" / "new.png").write_bytes((pictures / "ant" / "0.png").read_bytes())
    after = plan_images([str(pictures)], method)
    assert after.total(set()) == before.total(set()) + 1


@pytest.mark.parametrize("inside", ["raw/train-images-idx3-ubyte", "set.npz"])
def test_an_image_is_named_by_the_file_that_it_lies_in(tmp_path, inside):
    """Also where a folder is given, and the set lies in a folder or a file of it."""
    images = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    path = tmp_path / "mnist" / inside
    path.parent.mkdir(parents=True)
    if path.suffix == ".npz":
        np.savez(path, images=images)
    else:
        header = bytes((0, 0, 8, 3)) + np.array(images.shape, ">u4").tobytes()
        path.write_bytes(header + images.tobytes())
    some = ImageRange(ImageInput(str(tmp_path / "mnist")), 0, 2, 0)
    sources = [placed.source for placed in read_images((some,), tmp_path / "o.zarr")]
    assert all(source.startswith(f"mnist/{inside}") for source in sources)
