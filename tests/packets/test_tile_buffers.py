"""TileBuffers of tiles are filled side by side, grow together, and lose nothing."""

import numpy as np
import pytest

from eventsim.packets.memory import fresh_words
from eventsim.packets.tile_buffers import FIRST_BUFFER, TileBuffers, widened


def test_rooms_that_were_large_enough_are_kept():
    buffers = fresh_words(2, 5)
    assert widened(buffers, list(buffers), np.array([5, 0])) is buffers


@pytest.mark.parametrize("used", [7, 2])
def test_a_tile_that_took_a_larger_room(used):
    """Whether it filled it or not."""
    buffers = fresh_words(2, 3)
    buffers[0, :2] = 1, 2
    larger = np.arange(10, 17, dtype=np.uint64)
    grown = widened(buffers, [buffers[0], larger], np.array([2, used]))
    assert grown.shape[1] >= used
    assert grown[0, :2].tolist() == [1, 2]
    assert grown[1, :used].tolist() == list(range(10, 10 + used))


@pytest.mark.parametrize("threads", [1, 3])
def test_every_block_is_in_a_tile_and_what_is_filled_is_kept(threads):
    buffers = TileBuffers(threads, lambda: np.zeros(1))
    done = []

    def work(k, blocks, workspace, buffer):
        workspace += 1
        done.append((k, *blocks))
        n = sizes[-1] + k
        buffer = buffer if n <= buffer.size else np.empty(n, np.uint64)
        buffer[:n] = k
        return buffer, n

    sizes = []
    for size in (
        3,
        FIRST_BUFFER,
    ):  # the second is larger than a room at first, if not just as large
        sizes.append(size)
        done.clear()
        used = buffers.fill(40, work)
        edges = sorted(done)
        assert [edge[1] for edge in edges[1:]] == [edge[2] for edge in edges[:-1]]
        assert (edges[0][1], edges[-1][2]) == (0, 40)
        for k, n in enumerate(used):
            assert (buffers.buffers[k, :n] == k).all()
