from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np

from eventsim.sources.checks import window
from eventsim.sources.decoding import Decoding, decode


@contextmanager
def opened(path: Path) -> Iterator[tuple[Any, Any]]:
    with av.open(str(path)) as container:
        container.streams.video[0].codec_context.thread_count = 1
        yield container, container.streams.video[0]


def test_account_of_a_sound_video(write_video, noise) -> None:
    account = Decoding()
    path = write_video(noise(), pts_ms=[100, 140, 240, 260])
    assert [t for t, _ in decode(path, opened, window(None, None), account)] == [
        100_000,
        140_000,
        240_000,
        260_000,
    ]
    assert (account.decoded, account.lost, account.untimed) == (4, 0, 0)
    assert (account.first_us, account.last_us, account.longest_us) == (100_000, 260_000, 100_000)
    assert account.finished
    assert account.notes(4) == []


def test_what_is_lost_is_counted(damaged: Path) -> None:
    account = Decoding()
    pictures = list(decode(damaged, opened, window(None, None), account))
    assert account.lost == 7  # 13 to 19; 20 is a key frame
    assert len(pictures) == 23


def test_what_the_demuxer_does_not_trust_is_left_out(torn_stream) -> None:
    """Every picture that is given is as it is in the whole file; all others are counted."""
    whole, torn = torn_stream
    planes = {
        t: bytes(picture.planes[0])
        for t, picture in decode(whole, opened, window(None, None), Decoding())
    }
    account = Decoding()
    found = {
        t: bytes(picture.planes[0])
        for t, picture in decode(torn, opened, window(None, None), account)
    }
    assert len(planes) == 60
    assert 20 < len(found) < 60
    # Small pictures may be gone with all of their packets.
    assert 60 - len(found) - 2 <= account.lost <= 60 - len(found)
    assert all(planes[t] == plane for t, plane in found.items())
    assert "packets are missing or torn" in account.notes(None)[0]


def test_pictures_after_damage_are_those_of_the_sound_file(damaged: Path) -> None:
    # Left out up to the next key frame, so none of the others carries a trace of the damage.
    y, x = np.mgrid[:48, :64]
    for t_us, picture in decode(damaged, opened, window(None, None), Decoding()):
        luma = np.frombuffer(picture.planes[0], np.uint8).reshape(48, -1)[:, :64]
        true = (x * 3 + y * 2 + 5 * (t_us // 40_000)) % 200 + 20
        assert np.abs(luma - true).mean() < 8


def test_seeking_too_far_begins_at_the_start(write_video, noise) -> None:
    # The only picture before the window is the first one, which is itself late.
    path = write_video(noise(), pts_ms=[500, 540, 580, 620])
    account = Decoding()
    times = [t for t, _ in decode(path, opened, window(0.1, None), account)]
    assert times == [500_000, 540_000, 580_000, 620_000]
    assert account.began


def test_header_that_counts_repeats_is_no_loss() -> None:
    # 15 Hz for 2 s, three pictures, the last one at the very end.
    account = Decoding(decoded=3, first_us=0, last_us=1_933_333, longest_us=1e6, finished=True)
    assert account.missing(30, 2_000_000, 15.0) == 0
    assert "promises 30 frames, 3 could be read" in account.notes(30)[0]


def test_file_that_breaks_off_is_a_loss() -> None:
    account = Decoding(decoded=15, first_us=0, last_us=933_333, longest_us=66_667, finished=True)
    assert account.missing(30, 2_000_000, 15.0) == 15
    assert account.missing(None, 2_000_000, 15.0) == 0
    account.finished = False
    assert account.missing(30, 2_000_000, 15.0) == 0
    assert account.notes(30) == []
