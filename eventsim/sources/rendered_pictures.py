"""What a renderer knows beside the colors of a frame: where everything goes, and how far it is.

EXR files have it as channels, NPZ files as arrays. Layouts differ in signs and units; here they
become pixels, to the right and down.
"""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import SourceError
from eventsim.frames import Vectors
from eventsim.sources.limits import check_unpacked

NPZ = ".npz"
_IMAGES = ("image", "rgb", "colors")
_FORTH = ("forward_flow", "optical_flow", "flow")
KEYS = (*_IMAGES, *_FORTH, "backward_flow", "carla_flow", "motion_vectors", "depth")
"""Names of arrays that are read; see `read_arrays`."""

Plane = NDArray[np.float32]


def vectors_of_channels(channels: Mapping[str, Plane]) -> Vectors | None:
    """Vectors of the channels of an OpenEXR file, as Blender writes them.

    Its pass Vector has in X and Y the motion from the frame before, and in Z and W that to the next
    one, in px; to the left and down are positive. Depth is the channel Z of a pass called Depth, or
    of none.

    Parameters
    ----------
    channels : mapping of str to (H, W) ndarray
        By name, such as ``ViewLayer.Vector.X``.

    Returns
    -------
    Vectors or None
        None if there is no such pass.
    """
    by_pass = {tuple(name.split(".")[-2:]): plane for name, plane in channels.items()}
    found = [by_pass.get(("Vector", name)) for name in "XYZW"]
    x, y, z, w = found
    if x is None or y is None:
        return None
    forth = None if z is None or w is None else np.stack([-z, w], -1)
    depth = next((by_pass[key] for key in (("Depth", "Z"), ("Depth", "V")) if key in by_pass), None)
    return Vectors(forth, np.stack([x, -y], -1), channels.get("Z") if depth is None else depth)


def read_arrays(path: Path) -> tuple[NDArray[np.generic], Vectors | None]:
    """Picture and vectors of an NPZ file.

    Parameters
    ----------
    path : Path
        With the array ``image`` (or ``rgb``, ``colors``), (H, W) or (H, W, 3), integers in sRGB or
        floats that are linear with white at 1; and any of

        - ``forward_flow`` (or ``optical_flow``, ``flow``), (H, W, 2): to the next frame, px, to the
          right and down (BlenderProc, VisionBlender);
        - ``backward_flow``, (H, W, 2): to the frame before, likewise;
        - ``carla_flow``, (H, W, 2): to the next frame, as a share of width and height, to the right
          and up (CARLA's ``sensor.camera.optical_flow``);
        - ``motion_vectors``, (H, W, 2 or more): from the frame before, px, to the left and up (the
          annotator of Isaac Sim);
        - ``depth``, (H, W): any unit, larger is further away.

    Returns
    -------
    image : (H, W) or (H, W, 3) ndarray
    vectors : Vectors or None

    Raises
    ------
    SourceError
        If it cannot be read, has no image, or an array has another shape.
    """
    arrays = _load(path)
    image = next((arrays[name] for name in _IMAGES if name in arrays), None)
    if image is None:
        raise SourceError(
            f"expected an image in {path}, found {', '.join(sorted(arrays)) or 'nothing'}. Call it "
            "'image'."
        )
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] not in (1, 3, 4)):
        raise SourceError(f"the image of {path} must be (H, W) or (H, W, 3), found {image.shape}.")
    height, width = image.shape[:2]

    def field(name: str, x: float, y: float) -> Plane:
        given = arrays[name]
        if given.shape[:2] != (height, width) or given.ndim != 3 or given.shape[2] < 2:
            raise SourceError(
                f"{name} of {path} must be ({height}, {width}, 2) as its image is, found "
                f"{given.shape}."
            )
        return given[:, :, :2].astype(np.float32) * np.array([x, y], np.float32)

    forth = next((field(name, 1, 1) for name in _FORTH if name in arrays), None)
    if "carla_flow" in arrays:
        forth = field("carla_flow", width, -height)
    back = field("backward_flow", 1, 1) if "backward_flow" in arrays else None
    if "motion_vectors" in arrays:
        back = field("motion_vectors", -1, -1)
    depth = arrays.get("depth")
    if depth is not None and depth.squeeze().shape != (height, width):
        raise SourceError(f"depth of {path} must be ({height}, {width}), found {depth.shape}.")
    known = (
        None
        if forth is None and back is None
        else Vectors(forth, back, None if depth is None else depth.squeeze().astype(np.float32))
    )
    return image, known


def _load(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with zipfile.ZipFile(path) as archive:
            check_unpacked(sum(i.file_size for i in archive.infolist()), str(path), picture=True)
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files if name in KEYS}
    except SourceError:
        raise
    except Exception as error:  # zipfile and numpy raise whatever they like
        words = (str(error) or type(error).__name__).splitlines()[0]
        raise SourceError(f"expected an image, but {path} cannot be read: {words}.") from error
