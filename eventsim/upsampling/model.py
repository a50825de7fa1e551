"""A network of one's own that makes frames between frames, as an ONNX file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from eventsim.errors import ConfigError
from eventsim.frames import WHITE_DN
from eventsim.upsampling.pictures import Plane

MULTIPLE_PX = 64
"""Sides are padded to a multiple of it, if the network leaves them open: pyramids of up to six
halvings, which RIFE (32) and FILM (64) have."""
WANTED = (
    "two pictures (1, C, H, W) or (1, H, W, C), C = 1 or 3, from 0 to 1, and perhaps the share of "
    "the way, one element"
)


class Network:
    """A network that makes a picture between two pictures.

    Parameters
    ----------
    path : path
        Of an ONNX file. Its inputs, in this order: two pictures (1, C, H, W) or (1, H, W, C), C = 1
        or 3, float32 or float16, sRGB from 0 to 1; and the share of the way, an array of one
        element, or a plane like the pictures. Without a share it makes the middle. Its first output
        is a picture.

    Attributes
    ----------
    has_share : bool
        Whether it can make any moment, or only the middle.

    Raises
    ------
    ConfigError
        If it cannot be loaded, or takes something else.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        options = onnxruntime.SessionOptions()
        options.use_deterministic_compute = True
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=onnxruntime.get_available_providers()
            )
        except Exception as error:
            words = str(error).strip().splitlines()[0]
            raise ConfigError(f"{path} is no ONNX model that can be loaded: {words}") from error
        inputs = self._session.get_inputs()
        shapes = [list(value.shape) for value in inputs]
        pictures = [shape for shape in shapes[:2] if len(shape) == 4]
        types = {value.type for value in inputs}
        if (
            len(pictures) < 2
            or len(inputs) > 3
            or not types <= {"tensor(float)", "tensor(float16)"}
        ):
            raise self._refusal(
                f"{len(inputs)} inputs of shapes {shapes}, {', '.join(sorted(types))}"
            )
        first = pictures[0]
        self._channels_last = first[3] in (1, 3) and first[1] not in (1, 3)
        self._channels = first[3] if self._channels_last else first[1]
        if self._channels not in (1, 3):
            raise self._refusal(f"pictures of shape {first}")
        sides = first[1:3] if self._channels_last else first[2:4]
        self._sides = [side if isinstance(side, int) else None for side in sides]
        self._names = [value.name for value in inputs]
        self._dtypes = [np.float16 if "16" in value.type else np.float32 for value in inputs]
        self._share_shape = shapes[2] if len(inputs) == 3 else None
        self.has_share = len(inputs) == 3

    def _refusal(self, found: str) -> ConfigError:
        return ConfigError(f"{self._path} must take {WANTED}, found {found}. Export it so.")

    def steps_for(self, steps: int, most: int) -> int:
        """As many steps as were asked for; the next power of two, if it makes the middle alone."""
        if self.has_share:
            return steps
        whole = 1 << (steps - 1).bit_length()
        return whole if whole <= most else whole // 2

    def between(self, before: Plane, after: Plane, shares: list[float]) -> Iterator[Plane]:
        """Pictures at some shares of the way, in order.

        Parameters
        ----------
        before, after : (H, W) ndarray of float32
            Luminance, DN.
        shares : list of float
            Increasing, 0 to 1. Of a network that makes the middle: k / 2**n, for all k.

        Yields
        ------
        (H, W) ndarray of float32
        """
        peak = max(WHITE_DN, float(before.max()), float(after.max()))
        first, second = (_coded(light / np.float32(peak)) for light in (before, after))
        coded = (
            (self._run(first, second, share) for share in shares)
            if self.has_share
            else self._halved(first, second, len(shares) + 1)
        )
        for picture in coded:
            yield _decoded(picture) * np.float32(peak)

    def _halved(self, before: Plane, after: Plane, steps: int) -> Iterator[Plane]:
        """All pictures between two, from middles of middles."""
        if steps > 1:
            middle = self._run(before, after, 0.5)
            yield from self._halved(before, middle, steps // 2)
            yield middle
            yield from self._halved(middle, after, steps // 2)

    def _run(self, before: Plane, after: Plane, share: float) -> Plane:
        height, width = before.shape
        rows, columns = (
            _padded(have, want, self) for have, want in zip(before.shape, self._sides, strict=True)
        )
        fed: dict[str, NDArray[Any]] = {}
        for name, dtype, picture in zip(self._names, self._dtypes, (before, after), strict=False):
            padded = np.pad(picture, ((0, rows - height), (0, columns - width)), "edge").astype(
                dtype
            )
            axis = 2 if self._channels_last else 0
            fed[name] = np.repeat(np.expand_dims(padded, axis), self._channels, axis)[np.newaxis]
        if self._share_shape is not None:
            shape = [side if isinstance(side, int) else 1 for side in self._share_shape]
            if len(shape) == 4 and not isinstance(self._share_shape[2], int):
                shape = [1, 1, rows, columns]
            fed[self._names[2]] = np.full(shape, share, self._dtypes[2])
        try:
            made = np.asarray(self._session.run(None, fed)[0], np.float32)
        except Exception as error:
            words = str(error).strip().splitlines()[0]
            raise ConfigError(
                f"{self._path} fails on frames of {width}x{height}: {words}"
            ) from error
        if made.ndim != 4 or made.shape[0] != 1:
            raise self._refusal(f"an output of shape {made.shape}")
        gray: Plane = made[0].mean(2 if self._channels_last else 0, dtype=np.float32)
        if gray.shape != (rows, columns):
            raise self._refusal(f"an output of shape {made.shape}")
        return np.maximum(gray[:height, :width], np.float32(0))


def _padded(have: int, want: int | None, network: Network) -> int:
    """Length of a side as the network takes it."""
    if want is None:
        return -(-have // MULTIPLE_PX) * MULTIPLE_PX
    if want < have:
        raise ConfigError(
            f"the network takes pictures of {want} px a side, and the frames have {have}. Export "
            "it with free sides, or say --size."
        )
    return want


def _coded(light: Plane) -> Plane:
    """The sRGB code of linear light, both with 1 for white; IEC 61966-2-1."""
    c = np.maximum(light, np.float32(0))
    return np.where(c <= 0.0031308, 12.92 * c, 1.055 * c ** (1 / 2.4) - 0.055).astype(np.float32)


def _decoded(code: Plane) -> Plane:
    """The linear light of an sRGB code."""
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4).astype(
        np.float32
    )
