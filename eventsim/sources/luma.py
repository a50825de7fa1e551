"""The luminance in a decoded video frame, and how it is to be turned.

Most video stores a plane of luma beside two of color. That plane is taken as it
is, in the range it has, without any color conversion.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from eventsim.frames import Encoding, Transfer

if TYPE_CHECKING:
    from av import VideoFrame
else:
    VideoFrame = Any

# Formats whose first plane is luma and nothing else, in this machine's byte order.
_LUMA_PLANE = re.compile(r"(yuva?4\d\dp|yuvj4\d\dp|nv12|nv21|nv16|nv24|gray)((9|1\d)le)?")
_LIMITED, _FULL = 1, 2
"""AVCOL_RANGE_MPEG and AVCOL_RANGE_JPEG of FFmpeg's libavutil/pixfmt.h."""
_HDR: dict[int, tuple[Transfer, str]] = {
    16: ("pq", "PQ (SMPTE ST 2084)"),
    18: ("hlg", "HLG (ARIB STD-B67)"),
}
_NO_GAMMA = {8: "linear", 9: "logarithmic (100:1)", 10: "logarithmic (316:1)"}
"""AVColorTransferCharacteristic, same file."""


@dataclass(frozen=True)
class Luma:
    """How to read the luminance of frames of one pixel format.

    Attributes
    ----------
    pixel_format : str
        FFmpeg's name of the format of the frames.
    convert_to : str or None
        Gray format they must be converted to first, None if the first plane is luma.
    bits : int
        Bits of a luma number.
    full_range : bool
        Whether black and white are the smallest and the largest number, not 16 and 235
        (of 8 bits) as in broadcast video.
    """

    pixel_format: str
    convert_to: str | None
    bits: int
    full_range: bool

    @classmethod
    def of(cls, frame: VideoFrame) -> "Luma":
        """Find out how to read a frame.

        Parameters
        ----------
        frame : av.VideoFrame

        Returns
        -------
        Luma

        Notes
        -----
        What the frame says of its range counts. If it says nothing, gray and ``yuvj`` formats
        are full range and others limited, as FFmpeg itself takes them.
        """
        name = str(frame.format.name)
        bits = int(frame.format.components[0].bits)
        if not _LUMA_PLANE.fullmatch(name):
            deep = bits > 8
            return cls(name, "gray16le" if deep else "gray", 16 if deep else 8, True)
        full = name.startswith(("gray", "yuvj"))
        if frame.color_range in (_LIMITED, _FULL):
            full = frame.color_range == _FULL
        return cls(name, None, bits, full)

    def encoding(self, transfer: Transfer) -> Encoding:
        """Black and white of the numbers that `read` gives.

        Notes
        -----
        Limited range is 16..235, shifted up for more than 8 bits (64..940 for 10), full range
        0..255 (1023, ...): ITU-R BT.709-6 and BT.2100-2.
        """
        if self.full_range:
            return Encoding(transfer, 0.0, float((1 << self.bits) - 1))
        scale = 1 << (self.bits - 8)
        return Encoding(transfer, 16.0 * scale, 235.0 * scale)

    def read(self, frame: VideoFrame) -> NDArray[np.generic]:
        """Luma of a frame.

        Parameters
        ----------
        frame : av.VideoFrame

        Returns
        -------
        (H, W) ndarray of uint8 or uint16
            Memory of the frame itself where that is possible, so not to be kept.
        """
        if self.convert_to is not None:
            frame = frame.reformat(format=self.convert_to)
        plane = frame.planes[0]
        dtype: type[np.generic] = np.uint8 if self.bits == 8 else np.uint16
        rows = np.frombuffer(plane, dtype).reshape(plane.height, -1)
        return rows[:, : frame.width]

    def notes(self, frame: VideoFrame, transfer: Transfer = "srgb") -> list[str]:
        """Say what was converted or could not be respected, judged by one frame."""
        notes = []
        if self.convert_to is not None:
            notes.append(f"{self.pixel_format} pixels were converted to {self.convert_to} luma")
        if any(component.is_alpha for component in frame.format.components):
            notes.append("transparency was left out")
        tagged, words = _HDR.get(frame.color_trc, (None, ""))
        if tagged == transfer:
            notes.append(f"the video is coded with {words}, which was undone")
        elif tagged is not None:
            notes.append(
                f"the video says that it is coded with {words}; it was read as {transfer}, as asked"
            )
        if frame.color_trc in _NO_GAMMA and not (frame.color_trc == 8 and transfer == "linear"):
            advice = ": encoding linear would read it so" if frame.color_trc == 8 else ""
            notes.append(
                f"the video is tagged as {_NO_GAMMA[frame.color_trc]}, and was read as "
                f"{transfer}{advice}"
            )
        if frame.interlaced_frame:
            notes.append("the video is interlaced: both fields of a frame count as one moment")
        return notes


def transfer_of(frame: VideoFrame, asked: Transfer) -> Transfer:
    """How numbers of a video are coded: as it was asked for, and srgb leaves HDR to the file."""
    tagged, _ = _HDR.get(frame.color_trc, (None, ""))
    return tagged if tagged is not None and asked == "srgb" else asked


@dataclass(frozen=True)
class Turn:
    """Turning a stored picture upright: transposed first, then flipped.

    Attributes
    ----------
    transpose, flip_x, flip_y : bool
        Swap rows and columns; then mirror left and right, top and bottom.
    degrees : int
        Rotation that the file asks for, counterclockwise, degrees.
    """

    transpose: bool = False
    flip_x: bool = False
    flip_y: bool = False
    degrees: int = 0

    @classmethod
    def of(cls, frame: VideoFrame) -> "Turn":
        """Read the display matrix of a frame; no turn if it has none or not by right angles.

        Notes
        -----
        A point (p, q) is shown at (a p + c q, b p + d q), with a, b, c, d the numbers 0, 1, 3
        and 4 of the matrix (FFmpeg, libavutil/display.h).
        """
        data = frame.side_data.get("DISPLAYMATRIX")
        if data is None:
            return cls()
        a, b, _, c, d = np.frombuffer(data, np.int32)[:5].tolist()
        degrees = round(float(np.degrees(np.arctan2(-b, a))))
        if a and d and not b and not c:
            return cls(False, a < 0, d < 0, degrees)
        if b and c and not a and not d:
            return cls(True, c < 0, b < 0, degrees)
        return cls(degrees=degrees)

    @property
    def is_identity(self) -> bool:
        """Whether pictures pass unchanged."""
        return not (self.transpose or self.flip_x or self.flip_y)

    def apply(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """Turn a picture upright; a view, not contiguous.

        Parameters
        ----------
        values : (H, W) ndarray

        Returns
        -------
        (H, W) or (W, H) ndarray
        """
        turned = values.T if self.transpose else values
        return turned[:: -1 if self.flip_y else 1, :: -1 if self.flip_x else 1]

    def notes(self) -> list[str]:
        """Say how pictures are turned."""
        if self.is_identity:
            if self.degrees:
                return [f"the file asks to be shown turned by {self.degrees} degrees: ignored"]
            return []
        how = _TURNS[self.transpose, self.flip_x, self.flip_y]
        return [f"frames were {how}, as the file asks"]


_TURNS = {
    (False, True, False): "mirrored left to right",
    (False, False, True): "mirrored top to bottom",
    (False, True, True): "turned by 180 degrees",
    (True, False, False): "mirrored at the falling diagonal",
    (True, True, False): "turned by 90 degrees clockwise",
    (True, False, True): "turned by 90 degrees counterclockwise",
    (True, True, True): "mirrored at the rising diagonal",
}
"""Words for (transpose, flip_x, flip_y)."""
