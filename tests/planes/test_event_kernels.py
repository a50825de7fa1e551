"""Packed planes to events: the instructions, and a word by hand."""

import numpy as np
from numba import njit

from eventsim.planes import event_kernels as kernels


def test_the_instructions_do_what_their_names_say():
    @njit
    def ask(word):
        return (
            kernels.leading_zeros(word), kernels.ones_of(word), kernels.swap_bytes(word)
        )  # fmt: skip

    word = np.uint64(0x00000F0000000103)
    assert ask(word) == (20, 7, 0x03010000000F0000)


def test_the_bits_of_a_row_become_events_from_left_to_right():
    packed = np.zeros((8, 2, 2, 16), np.uint8)  # 128 px per row
    packed[0, 1, 0, 0] = 0b10000001  # ON at x = 0 and 7
    packed[0, 0, 0, 9] = 0b00000010  # OFF at x = 78
    packed[3, 1, 1, 15] = 1  # ON at x = 127 of the second row, in plane 3
    words = packed.view("<u8")
    counts = np.zeros(1, np.int64)
    kernels.count_ones(words.reshape(1, -1), counts)
    assert counts[0] == 4
    t, x, y, p = (np.zeros(5, d) for d in (np.int64, np.uint16, np.uint16, np.uint8))
    kernels.fill_events(words, 10, 1, t, x, y, p)
    assert t.tolist() == [0, 0, 0, 0, 30]
    assert x.tolist() == [0, 0, 7, 78, 127]
    assert y.tolist() == [0, 0, 0, 0, 1]
    assert p.tolist() == [0, 1, 1, 0, 1]
