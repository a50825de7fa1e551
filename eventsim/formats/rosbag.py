"""Bags of ROS 1 and ROS 2 (.bag, .db3, .mcap, or the folder of a bag), read through rosbags.

Messages are those of dvs_msgs and prophesee_event_msgs (EventArray), whose events are read from the
bytes of the message, and of event_camera_msgs (EventPacket) in the encodings evt3 and mono. Times
are those of the events, microseconds, rounded. Sources: the definitions of these messages; the
README of event_camera_msgs for its encodings; OMG's CDR and ROS 1's serialization for the bytes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import ConfigError, OutsideSensorError, SourceError
from eventsim.events import SensorSize, checked_size
from eventsim.formats.file import BLOCK_EVENTS, Block, EventFile, Layout, broken

_ARRAYS = ("dvs_msgs/msg/EventArray", "prophesee_event_msgs/msg/EventArray")
_PACKETS = ("event_camera_msgs/msg/EventPacket", "event_array_msgs/msg/EventArray")
METADATA = "metadata.yaml"
"""A folder that holds this file is a bag of ROS 2."""

_EVENT_1 = np.dtype([("x", "<u2"), ("y", "<u2"), ("s", "<u4"), ("ns", "<u4"), ("p", "u1")])
"""An event of ROS 1: 13 bytes, one after the other."""
_FIELDS = {"names": ["x", "y", "s", "ns", "p"], "formats": ["<u2", "<u2", "<i4", "<u4", "u1"]}
_FIRST_2 = np.dtype({**_FIELDS, "offsets": [0, 2, 4, 8, 12], "itemsize": 13})  # type: ignore[call-overload]
_OTHER_2 = np.dtype({**_FIELDS, "offsets": [0, 2, 6, 10, 14], "itemsize": 16})  # type: ignore[call-overload]
"""Of ROS 2, where numbers are aligned to their size: the first event, and those after it."""
_PACKET_DEFINITION = """std_msgs/Header header
uint32 height
uint32 width
uint64 seq
uint64 time_base
string encoding
bool is_bigendian
uint8[] events
"""
"""EventPacket.msg of event_camera_msgs, for bags that do not hold it."""


class _Piece(NamedTuple):
    """Events of a message, and the size that it says."""

    t: NDArray[np.int64]
    x: NDArray[Any]
    y: NDArray[Any]
    p: NDArray[np.bool_]
    size: SensorSize


def open_bag(path: Path, layout: Layout) -> EventFile:
    """Open the first topic of a bag that has events.

    Raises
    ------
    ConfigError
        If rosbags is not installed.
    SourceError
        If there is no such topic, or it is broken.
    """
    notes: list[str] = []
    size: SensorSize | None = None
    for piece in _pieces(path, notes):
        size = piece.size
        break

    def blocks() -> Iterator[Block]:
        waiting: list[_Piece] = []
        count = 0
        for piece in _pieces(path, notes):
            if piece.size != size:
                raise SourceError(
                    f"{path} holds messages of {size} and of {piece.size}. Filter the bag first."
                )
            waiting.append(piece)
            count += len(piece.t)
            if count >= BLOCK_EVENTS:
                yield _joined(waiting)
                waiting, count = [], 0
        yield _joined(waiting)._replace(bytes_read=_bytes_of(path))

    return EventFile(path, "rosbag", layout.size or size, blocks, notes)


def _joined(pieces: list[_Piece]) -> Block:
    if not pieces:
        none = np.empty(0, np.int64)
        return Block(none, none, none, np.empty(0, bool))
    t, x, y, p = (np.concatenate([piece[k] for piece in pieces]) for k in range(4))
    return Block(t, x, y, p)


def _bytes_of(path: Path) -> int:
    files = [path] if path.is_file() else [one for one in path.iterdir() if one.is_file()]
    return sum(one.stat().st_size for one in files)


def _pieces(path: Path, notes: list[str]) -> Iterator[_Piece]:
    """Yield the events of each message of the topic."""
    try:
        from rosbags.highlevel import AnyReader
        from rosbags.typesys import Stores, get_types_from_msg, get_typestore
    except ModuleNotFoundError as error:
        raise ConfigError(f"bags need {error.name}: pip install 'eventsim-dvs[ros]'.") from None
    try:
        store = get_typestore(Stores.LATEST)
        store.register(get_types_from_msg(_PACKET_DEFINITION, _PACKETS[0]))
        with AnyReader([path], default_typestore=store) as bag:
            wanted = [one for one in bag.connections if one.msgtype in (*_ARRAYS, *_PACKETS)]
            if not wanted:
                there = ", ".join(sorted({one.msgtype for one in bag.connections})) or "nothing"
                raise SourceError(
                    f"{path} has no topic with events of dvs_msgs or event_camera_msgs, found "
                    f"{there[:200]}."
                )
            topics = sorted({one.topic for one in wanted})
            if len(topics) > 1:
                words = f"of {len(topics)} topics with events {topics[0]} was read"
                notes += [words] if words not in notes else []
            chosen = [one for one in wanted if one.topic == topics[0]]
            decoder = _Evt3()
            for connection, _, data in bag.messages(chosen):
                if connection.msgtype in _ARRAYS:
                    yield _of_array(bytes(data), ros2=bag.is2)
                else:
                    yield decoder.decode(bag.deserialize(data, connection.msgtype), path)
    except (ConfigError, SourceError, FileNotFoundError, PermissionError):
        raise
    except MemoryError:  # it reads whatever length a damaged file says
        raise broken(path, "bag", "a record is longer than the memory.") from None
    except OutsideSensorError as error:
        raise broken(path, "bag", str(error)) from None
    except Exception as error:  # rosbags raises of a damaged bag whatever its parts do
        words = " ".join(str(error).split())[:200]
        raise broken(path, "bag", f"{words or type(error).__name__}.") from None


def _of_array(data: bytes, *, ros2: bool) -> _Piece:
    """Events of an EventArray, from its bytes."""
    place = 4 if ros2 else 0  # ROS 2 says first how it is encoded
    if ros2 and data[1] != 1:
        raise ValueError("its messages have their highest bytes first")
    place += 8 if ros2 else 12  # the time of the message; ROS 1 has a number before it
    place += 4 + int.from_bytes(data[place : place + 4], "little")  # the name of the frame
    if ros2:
        place += -place % 4
    height, width, count = np.frombuffer(data, "<u4", 3, place).tolist()
    place += 12
    size = checked_size((width, height))
    if not ros2:
        events = np.frombuffer(data, _EVENT_1, count, place)
        return _piece(events, size)
    if not count:
        return _piece(np.empty(0, _OTHER_2), size)
    # The last one may lack what would align the next.
    body = data[place + 14 :] + bytes(1)
    rest = np.frombuffer(body, _OTHER_2, count - 1)
    every = np.empty(count, _EVENT_1)
    first = np.frombuffer(data, _FIRST_2, 1, place)
    for name in ("x", "y", "s", "ns", "p"):
        every[name][:1], every[name][1:] = first[name], rest[name]
    return _piece(every, size)


def _piece(events: NDArray[np.void], size: SensorSize) -> _Piece:
    ns = events["ns"].astype(np.int64)
    t = events["s"].astype(np.int64) * 1_000_000 + (ns + 500) // 1000
    return _Piece(t, events["x"].copy(), events["y"].copy(), events["p"] != 0, size)


class _Evt3:
    """Decodes packets; what EVT3 remembers goes from one to the next."""

    def __init__(self) -> None:
        from eventsim.formats.evt_kernels import EVT3_STATE

        self._state = np.zeros(EVT3_STATE, np.int64)

    def decode(self, message: Any, path: Path) -> _Piece:
        """Events of an EventPacket."""
        size = checked_size((int(message.width), int(message.height)))
        data = np.asarray(message.events, np.uint8).tobytes()
        if message.is_bigendian or message.encoding not in ("evt3", "mono"):
            raise SourceError(
                f"{path} has packets in the encoding {message.encoding!r}; evt3 and mono are read. "
                "Convert it with event_camera_tools first."
            )
        if message.encoding == "mono":
            words = np.frombuffer(data, "<u8", len(data) // 8)
            ns = int(message.time_base) + (words & np.uint64(0xFFFFFFFF)).astype(np.int64)
            x = (words >> np.uint64(32)) & np.uint64(0xFFFF)
            y = (words >> np.uint64(48)) & np.uint64(0x7FFF)
            p = (words >> np.uint64(63)) == 1
            return _Piece((ns + 500) // 1000, x.astype(np.uint16), y.astype(np.uint16), p, size)
        from eventsim.formats.evt_kernels import decode_evt3

        words = np.frombuffer(data, "<u2", len(data) // 2)
        room = 12 * words.size + 12
        t, p = np.empty(room, np.int64), np.empty(room, bool)
        x, y = np.empty(room, np.uint16), np.empty(room, np.uint16)
        n, _ = decode_evt3(words, 0, self._state, t, x, y, p)
        return _Piece(t[:n], x[:n], y[:n], p[:n], size)
