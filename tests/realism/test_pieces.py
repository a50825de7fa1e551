"""Recordings or windows of them, alike on both sides."""

import pytest

from eventsim.errors import ConfigError
from eventsim.realism.pieces import choose_cutting, cut_pieces, paired


def test_many_recordings_are_pieces(poisson, dataset_of):
    streams = [poisson(k, 20, 20) for k in range(22)]
    real = dataset_of("a.zarr", streams, first_us=500)
    simulated = dataset_of("b.zarr", streams[:20], samples=range(30, 50))
    cutting = choose_cutting((real, simulated))
    assert (cutting.duration_us, cutting.whole) == (100_000, True)
    pieces = cut_pieces(real, cutting, limit=21)
    assert [piece.key for piece in pieces] == [(k, 0) for k in range(21)]
    assert all(p.events == s for p, s in zip(pieces, streams, strict=False))  # from 0 again


def test_few_recordings_are_cut_into_windows(poisson, dataset_of):
    streams = [poisson(k, 200, 200, duration_us=900_000) for k in range(2)]
    dataset = dataset_of("a.zarr", streams, duration_us=900_000)
    cutting = choose_cutting((dataset, dataset))
    assert (cutting.duration_us, cutting.whole) == (30_000, False)  # a sixtieth of both
    pieces = cut_pieces(dataset, cutting, limit=1000)
    assert len(pieces) == 60
    assert pieces[31].key == (1, 1)
    assert sum(len(piece.events) for piece in pieces) == sum(map(len, streams))
    assert all(piece.events.t.max() < 30_000 for piece in pieces)
    assert len(cut_pieces(dataset, choose_cutting((dataset,), 400_000), 1000)) == 4


def test_pairs_have_one_key(poisson, dataset_of):
    streams = [poisson(k, 20, 20) for k in range(20)]
    real = dataset_of("a.zarr", streams)
    simulated = dataset_of("b.zarr", streams[::-1], samples=range(39, 19, -1))
    simulated_too = dataset_of("c.zarr", streams[::-1], samples=range(24, 4, -1))
    cutting = choose_cutting((real, simulated))
    first, second, third = (cut_pieces(d, cutting, 99) for d in (real, simulated, simulated_too))
    with pytest.raises(ConfigError, match="no sample number is on both sides"):
        paired(first, second)
    a, b = paired(first, third)
    assert [p.key for p in a] == [p.key for p in b] == [(k, 0) for k in range(5, 20)]
    assert b[0].events == streams[0]


def test_what_cannot_be_compared(poisson, dataset_of):
    one = dataset_of("a.zarr", [poisson(1, 9, 9)])
    other = dataset_of("b.zarr", [poisson(1, 9, 9, size=(9, 6))])
    with pytest.raises(ConfigError, match="one size, found 8x6, 9x6"):
        choose_cutting((one, other))
    with pytest.raises(ConfigError, match="10 ms or more, found 1"):
        choose_cutting((one, one))
