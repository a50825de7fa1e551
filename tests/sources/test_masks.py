"""Objects of images: masks by name, COCO files, at the size of the frames, and what is missing."""

import json

import cv2
import numpy as np
import pytest
from PIL import Image

from eventsim.errors import ConfigError, SourceError
from eventsim.sources.images import ImageSource
from eventsim.sources.masks import Masks
from eventsim.sources.opening import open_source
from eventsim.sources.reading import Reading

W, H = 12, 8
IDS = np.zeros((H, W), np.uint16)
IDS[2:5, 3:9] = 700


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    for k in range(3):
        cv2.imwrite(str(folder / f"f{k}.jpg"), np.full((H, W), 60 * k + 20, np.uint8))
    return folder


@pytest.fixture
def masks(tmp_path):
    folder = tmp_path / "masks"
    folder.mkdir()
    cv2.imwrite(str(folder / "f0.png"), IDS)
    palette = Image.fromarray((IDS > 0).astype(np.uint8) * 3, "L").convert("P")
    palette.putdata((IDS.ravel() > 0) * 3)
    palette.save(folder / "f1.png")
    return folder


def test_masks_by_the_name_of_their_image(masks):
    found = Masks(masks)
    assert np.array_equal(found.ids("f0.jpg", (W, H)), IDS)
    assert np.array_equal(found.ids("f1.jpg", (W, H)), (IDS > 0) * 3)
    assert not found.ids("f2.jpg", (W, H)).any()
    assert found.notes == ["1 images have no labels"]


def coco(tmp_path, annotations):
    path = tmp_path / "coco.json"
    content = {"images": [{"id": 5, "file_name": "a/f0.jpg"}], "annotations": annotations}
    path.write_text(json.dumps(content))
    return Masks(path)


def test_coco_has_boxes_and_polygons_and_the_smaller_is_on_top(tmp_path):
    square = [2, 1, 8, 1, 8, 7, 2, 7]  # corners of pixels: columns 2 to 7, rows 1 to 6
    found = coco(tmp_path, [
        {"image_id": 5, "bbox": [4, 3, 2, 2], "track_id": 9},
        {"image_id": 5, "segmentation": [square], "bbox": [0, 0, 1, 1]},
        {"image_id": 6, "bbox": [0, 0, 12, 8]},
    ]).ids("f0.jpg", (W, H))  # fmt: skip
    assert np.array_equal(np.argwhere(found == 9), [[3, 4], [3, 5], [4, 4], [4, 5]])
    rest = np.argwhere(found == 2)  # the second one, without an id of its own
    assert (rest.min(0).tolist(), rest.max(0).tolist()) == ([1, 2], [6, 7])
    assert len(rest) == 6 * 6 - 4
    assert set(np.unique(found)) == {0, 2, 9}


@pytest.mark.parametrize("counts", [[17, 2, 6, 2, 69], "a0260o1"])
def test_masks_in_run_lengths_go_down_the_columns(tmp_path, counts):
    """Two rows of two columns; the text is that of the numbers, encoded as maskApi.c does."""
    coded = {"size": [H, W], "counts": counts}
    found = coco(tmp_path, [{"image_id": 5, "segmentation": coded, "track_id": 3}])
    there = np.argwhere(found.ids("f0.jpg", (W, H)) == 3)
    assert there.tolist() == [[1, 2], [1, 3], [2, 2], [2, 3]]


def test_frames_have_them_at_their_size(images, masks):
    source = ImageSource(images, fps=10, labels=masks, size=(6, 4))
    frames = list(source)
    assert np.array_equal(frames[0].ids, IDS[1::2, 1::2])
    assert not frames[2].ids.any()
    assert "1 images have no labels" in source.notes
    cut = ImageSource(images, fps=10, labels=masks, crop=(3, 2, 6, 3))
    assert np.all(next(iter(cut)).ids == 700)
    padded = next(iter(ImageSource(images, fps=10, labels=masks, size=(12, 12), fit="pad")))
    assert np.array_equal(padded.ids[2:10], IDS)
    assert not padded.ids[:2].any()
    assert not padded.ids[10:].any()


def test_without_labels_frames_have_none(images):
    assert all(frame.ids is None for frame in ImageSource(images, fps=10))


def test_a_video_has_no_labels(tmp_path, masks):
    (tmp_path / "a.mp4").write_bytes(b"x")
    with pytest.raises(ConfigError, match="labels can be set for images only"):
        open_source(tmp_path / "a.mp4", Reading(labels=str(masks)))


def test_what_does_not_fit_is_refused(masks, tmp_path):
    found = Masks(masks)
    with pytest.raises(SourceError, match=r"must be as large as its image, 5x8, but .* is 12x8"):
        found.ids("f0.jpg", (5, H))
    cv2.imwrite(str(masks / "f0.png"), np.zeros((H, W, 3), np.uint8))
    with pytest.raises(SourceError, match="must hold one number a pixel"):
        found.ids("f0.jpg", (W, H))
    (masks / "f0.png").write_bytes(b"no png")
    with pytest.raises(SourceError, match=r"f0\.png cannot be read"):
        found.ids("f0.jpg", (W, H))
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="expected masks"):
        Masks(tmp_path / "empty")
    with pytest.raises(SourceError, match="must be a folder of masks or a COCO file"):
        Masks(tmp_path / "none")


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        ({"image_id": 5}, "annotation 1 of a/f0.jpg in .* has neither a segmentation nor a bbox"),
        ({"image_id": 5, "segmentation": {"size": [8, 12], "counts": [3, 4]}}, "its runs are not"),
        ({"image_id": 5, "bbox": [0, 0, 1, 1], "track_id": 70_000}, "must be 1 to 65535, but"),
        ({"bbox": [0, 0, 1, 1]}, "expected a COCO file"),
    ],
)
def test_coco_that_cannot_be_read(tmp_path, annotation, words):
    with pytest.raises(SourceError, match=words):
        coco(tmp_path, [annotation]).ids("f0.jpg", (W, H))
