"""Batches of inputs on disk."""

import json

import pytest

from eventsim.errors import DamagedStoreError
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.manifest import (
    MANIFEST,
    Entry,
    latest,
    read_batches,
    sweep_batches,
    write_batch,
)
from eventsim.store.verify import verify
from eventsim.store.writer import PartWriter


def entry(sample, part=0, **more):
    texts = dict.fromkeys(("id", "source", "label", "split", "group", "options", "fingerprint"), "")
    return Entry(**{"sample": sample, "part": part, "seed": 2**63 - 1, **texts, **more})


@pytest.fixture
def dataset(tmp_path):
    create_dataset(tmp_path / "a.zarr", {}, parts=1)
    return tmp_path / "a.zarr"


def test_what_is_written_is_read(dataset):
    """Also names that are not UTF-8; the last word on a sample counts."""
    assert read_batches(dataset) == []
    first = [entry(0, label="läuft", source="x/\udcff.mp4"), entry(1, 1, options="{}")]
    second = [entry(1, 2, fingerprint="new"), entry(2, 2)]
    write_batch(dataset, 0, first)
    write_batch(dataset, 1, second)
    assert read_batches(dataset) == [first, second]
    assert latest([first, second]) == [first[0], *second]


def test_a_write_that_was_cut_off_counts_for_nothing(dataset):
    write_batch(dataset, 0, [entry(0)])
    torn = dataset / MANIFEST / f"00001.{'0a' * 16}.partial"
    torn.mkdir()
    assert len(read_batches(dataset)) == 1
    sweep_batches(dataset)
    assert not torn.exists()


def test_damage_is_said(dataset):
    write_batch(dataset, 0, [entry(0)])
    write_batch(dataset, 1, [entry(1)])
    node = dataset / MANIFEST / "00001" / "zarr.json"
    whole = node.read_text()
    for rows in (2, -1, "x"):
        document = json.loads(whole)
        document["attributes"]["rows"] = rows
        node.write_text(json.dumps(document))
        with pytest.raises(DamagedStoreError):
            read_batches(dataset)
    (dataset / MANIFEST / "00000").rename(dataset / MANIFEST / "gone")
    with pytest.raises(DamagedStoreError, match="batch 00000 of its manifest is missing"):
        read_batches(dataset)


def test_every_byte_is_checked(dataset):
    """Each file of a batch is changed, and taken away, and each time it is named."""
    PartWriter(dataset, 0).commit()
    write_batch(dataset, 0, [entry(0, label="läuft", source="x")])
    finish(dataset)
    assert verify(dataset).problems == ()
    files = [file for file in (dataset / MANIFEST).rglob("*") if file.is_file()]
    assert len(files) > 12
    for file in files:
        whole = file.read_bytes()
        file.write_bytes(whole.replace(b"3", b"4") if b"3" in whole else whole[:-1] + b"?")
        assert verify(dataset).problems, file
        file.unlink()
        assert verify(dataset).problems, file
        file.write_bytes(whole)
    assert verify(dataset).problems == ()
