import struct
from itertools import pairwise

import numpy as np
import pytest

from eventsim.errors import SourceError
from eventsim.events import Events
from eventsim.formats.file import Layout
from eventsim.formats.reading import read, write
from eventsim.formats.rosbag import _PACKET_DEFINITION, open_bag

pytest.importorskip("rosbags")
from rosbags import rosbag1, rosbag2
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

EVENT = "uint16 x\nuint16 y\n{time} ts\nbool polarity\n"
ARRAY = "std_msgs/Header header\nuint32 height\nuint32 width\ndvs_msgs/Event[] events\n"
T0_US = 1_600_000_000_123_456


def some_events(n=500):
    rng = np.random.default_rng(n)
    t = np.sort(rng.integers(0, 2_000_000, n)) + T0_US
    return Events.of(t, rng.integers(0, 64, n), rng.integers(0, 48, n), t % 2, size=(64, 48))


def store_of(ros2):
    store = get_typestore(Stores.ROS2_HUMBLE if ros2 else Stores.ROS1_NOETIC)
    time = "builtin_interfaces/Time" if ros2 else "time"
    for name, words in (
        ("dvs_msgs/msg/Event", EVENT.format(time=time)),
        ("dvs_msgs/msg/EventArray", ARRAY),
        ("event_camera_msgs/msg/EventPacket", _PACKET_DEFINITION),
    ):
        store.register(get_types_from_msg(words, name))
    return store


def header(store, ros2):
    types = store.types
    stamp = types["builtin_interfaces/msg/Time"](sec=5, nanosec=6)
    more = {} if ros2 else {"seq": 3}
    return types["std_msgs/msg/Header"](stamp=stamp, frame_id="camera", **more)


def array_of(store, events, ros2):
    types = store.types
    time = types["builtin_interfaces/msg/Time"]
    listed = [
        types["dvs_msgs/msg/Event"](
            x=e.x, y=e.y, ts=time(sec=e.t // 10**6, nanosec=e.t % 10**6 * 1000), polarity=e.p
        )
        for e in (events[k] for k in range(len(events)))
    ]
    make = types["dvs_msgs/msg/EventArray"]
    return make(header=header(store, ros2), height=48, width=64, events=listed)


def packet_of(store, content, encoding, base_ns=0):
    make = store.types["event_camera_msgs/msg/EventPacket"]
    return make(
        header=header(store, True), height=48, width=64, seq=1, time_base=base_ns,
        encoding=encoding, is_bigendian=False, events=np.frombuffer(content, np.uint8),
    )  # fmt: skip


def write_bag(path, messages, kind, *, topic="/dvs/events"):
    """Messages of one type to a bag; returns what is to be opened."""
    ros2 = kind != "bag"
    store = store_of(ros2)
    made = [message(store) for message in messages]
    name = made[0].__msgtype__
    if not ros2:
        with rosbag1.Writer(path / "a.bag") as bag:
            connection = bag.add_connection(topic, name, typestore=store)
            for k, message in enumerate(made):
                bag.write(connection, k, store.serialize_ros1(message, name))
        return path / "a.bag"
    plugin = rosbag2.StoragePlugin.MCAP if kind == "mcap" else rosbag2.StoragePlugin.SQLITE3
    with rosbag2.Writer(path / "a", version=9, storage_plugin=plugin) as bag:
        connection = bag.add_connection(topic, name, typestore=store)
        for k, message in enumerate(made):
            bag.write(connection, k, store.serialize_cdr(message, name))
    return path / "a"


@pytest.mark.parametrize("kind", ["bag", "mcap", "sqlite"])
def test_arrays_of_events(kind, tmp_path):
    events = some_events()
    cuts = [0, 1, 1, 4, 250, 500]
    messages = [
        lambda store, a=a, b=b: array_of(store, events[a:b], kind != "bag")
        for a, b in pairwise(cuts)
    ]
    path = write_bag(tmp_path, messages, kind)
    assert read(path) == events
    if path.is_dir():
        (inner,) = [one for one in path.iterdir() if one.suffix in (".mcap", ".db3")]
        assert read(inner) == events


def test_packets_of_evt3_remember_their_state(tmp_path):
    events = some_events()
    raw = tmp_path / "a.raw"
    write(events, raw, format="evt3")
    content = raw.read_bytes()
    body = content[content.index(b"% end\n") + 6 :]
    parts = [body[:100], body[100:102], body[102:]]
    messages = [lambda store, part=part: packet_of(store, part, "evt3") for part in parts]
    found = read(write_bag(tmp_path, messages, "mcap"))
    assert np.array_equal(found.t + (events.t[0] >> 24 << 24), events.t)
    assert np.array_equal(found.x, events.x)


def test_packets_of_mono_by_hand(tmp_path):
    words = [1 << 63 | 9 << 48 | 60 << 32 | 1_500, 2_400 | 7 << 48]
    content = struct.pack("<2Q", *words)
    path = write_bag(tmp_path, [lambda store: packet_of(store, content, "mono", 10**9)], "mcap")
    events = read(path)
    assert events.t.tolist() == [1_000_002, 1_000_002]
    assert events.x.tolist() == [0, 60]
    assert events.p.tolist() == [False, True]
    other = tmp_path / "other"
    other.mkdir()
    path = write_bag(other, [lambda store: packet_of(store, content, "libcaer_cmp")], "mcap")
    with pytest.raises(SourceError, match=r"in the encoding 'libcaer_cmp'"):
        read(path)


def test_a_bag_without_events_and_one_that_is_broken(tmp_path):
    path = write_bag(tmp_path, [lambda store: header(store, True)], "mcap")
    with pytest.raises(SourceError, match=r"has no topic with events .* found std_msgs/msg/Header"):
        read(path)
    for name in ("b.bag", "b.mcap", "b.db3"):
        (tmp_path / name).write_bytes(b"no bag" * 50)
        with pytest.raises(SourceError, match=r"is no whole bag"):
            open_bag(tmp_path / name, Layout())
