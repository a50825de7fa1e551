"""Pictures that hold linear light as floats: OpenEXR, and Radiance's .hdr."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from eventsim.errors import SourceError
from eventsim.frames import Vectors
from eventsim.sources.limits import check_unpacked
from eventsim.sources.rendered_pictures import vectors_of_channels

EXR, RADIANCE = b"\x76\x2f\x31\x01", (b"#?RADIANCE", b"#?RGBE")
"""First bytes: OpenEXR file layout, "Magic number"; Radiance, "Picture file format"."""
LUMINANCE_NOTE = "color was converted to luminance (BT.709)"
WHITE = 1.0
"""What a renderer means by white."""

_WEIGHTS = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Of linear red, green and blue in luminance: ITU-R BT.709-6, 3.2."""
_DEEPEST_BYTES = 4


def is_linear(head: bytes) -> bool:
    """Whether the first bytes of a file are those of such a picture."""
    return head.startswith((EXR, *RADIANCE))


def read_linear(
    path: Path, head: bytes
) -> tuple[NDArray[np.float32], tuple[str, ...], Vectors | None]:
    """Luminance of a picture of linear light, what was done to it, and where everything goes.

    Parameters
    ----------
    path : Path
    head : bytes
        Its first bytes.

    Returns
    -------
    values : (H, W) ndarray of float32
        White at `WHITE`; brighter is above.
    notes : tuple of str
    vectors : Vectors or None
        If the file has them.

    Raises
    ------
    SourceError
        If it has neither colors nor Y, or OpenEXR is not installed.
    """
    if not head.startswith(EXR):
        colors = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if colors is None or colors.ndim != 3:
            raise SourceError(f"expected an image, but {path} cannot be read. Check it.")
        red, green, blue = colors[:, :, 2], colors[:, :, 1], colors[:, :, 0]
        return luminance_of(red, green, blue), (LUMINANCE_NOTE,), None
    channels = read_channels(path)
    vectors = vectors_of_channels(channels)
    for layer in sorted({name.rpartition(".")[0] for name in channels}, key=_depth_of):
        dot = f"{layer}." if layer else ""
        if f"{dot}Y" in channels:
            return channels[f"{dot}Y"], (), vectors
        rgb = [channels.get(f"{dot}{name}") for name in "RGB"]
        if all(plane is not None for plane in rgb):
            return luminance_of(*rgb), (LUMINANCE_NOTE,), vectors
    raise SourceError(
        f"expected an image, but {path} has neither R, G and B nor Y: its channels are "
        f"{', '.join(sorted(channels))}. Render the colors, too."
    )


def read_channels(path: Path) -> dict[str, NDArray[np.float32]]:
    """All channels of the first part of an OpenEXR file, by name, such as ``R`` or ``Vector.X``.

    Raises
    ------
    SourceError
        If it cannot be read, or OpenEXR is not installed.
    """
    try:
        import OpenEXR
    except ImportError as error:
        raise SourceError(
            f"{path} needs the library OpenEXR: pip install 'eventsim-dvs[exr]'"
        ) from error
    try:
        with OpenEXR.File(str(path), separate_channels=True, header_only=True) as file:
            corner, end = (np.asarray(point) for point in file.header()["dataWindow"])
            count = max(1, len(file.parts[0].channels))
        width, height = (int(n) for n in end - corner + 1)
        check_unpacked(_DEEPEST_BYTES * width * height * count, str(path), picture=True)
        with OpenEXR.File(str(path), separate_channels=True) as file:
            if not file.parts:  # that is how it says so
                raise SourceError(f"expected an image, but the pixels of {path} are damaged.")
            found: dict[str, Any] = {n: c.pixels for n, c in file.channels().items()}
    except SourceError:
        raise
    except Exception as error:  # whatever a C++ library raises
        words = (str(error) or type(error).__name__).splitlines()[0]
        raise SourceError(f"expected an image, but {path} cannot be read: {words}.") from error
    planes = {name: np.asarray(plane, np.float32) for name, plane in found.items()}
    sizes = {plane.shape for plane in planes.values()}
    if len(sizes) != 1:
        raise SourceError(f"all channels of {path} must have one size, found {sorted(sizes)}.")
    return planes


def luminance_of(red: Any, green: Any, blue: Any) -> NDArray[np.float32]:
    """Luminance of linear colors."""
    light: NDArray[np.float32] = np.stack([red, green, blue], -1).astype(np.float32) @ _WEIGHTS
    return light


def _depth_of(layer: str) -> tuple[int, str]:
    """Layers that are named plainly come first: the picture itself, before those of lights."""
    return (layer.count(".") + bool(layer), layer)
