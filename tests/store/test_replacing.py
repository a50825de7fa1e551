"""Whatever moment a process is killed at, the old dataset or the new one is whole."""

import os
import shutil

import pytest

from eventsim.errors import StoreError
from eventsim.store.dataset import committed_parts, create_dataset, read_attributes
from eventsim.store.finish import finish
from eventsim.store.reader import open_dataset
from eventsim.store.replacing import NEXT, OLD, discard, exchange, void, was_cut_off
from eventsim.store.writer import PartWriter


class Killed(BaseException):
    """Stands in for kill -9: nothing catches it, nothing tidies up."""


def renew(path, seed=7):
    """A finished, empty replacement inside a dataset."""
    create_dataset(path / NEXT, {"seed": seed}, parts=1)
    PartWriter(path / NEXT, 0).commit()
    finish(path / NEXT)


def test_exchange(dataset_path):
    renew(dataset_path)
    (dataset_path / "notes.txt").write_text("mine")
    (dataset_path / "parts" / "notes.txt").write_text("mine")
    assert len(open_dataset(dataset_path)) > 0
    exchange(dataset_path)
    dataset = open_dataset(dataset_path)
    assert (len(dataset), dataset.attributes["seed"]) == (0, 7)
    assert {p.name for p in dataset_path.iterdir()} == {
        "zarr.json", "parts", "samples", "notes.txt"
    }  # fmt: skip
    assert (dataset_path / "parts" / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("moment", range(1, 12))
def test_killed_in_the_exchange(dataset_path, monkeypatch, moment):
    """Before the first rename the old one is there, later none or the new one; never a mixture."""
    old = len(open_dataset(dataset_path))
    renew(dataset_path)
    left = moment
    real = {name: getattr(os, name) for name in ("rename", "replace")}

    def step(name):
        def moved(*arguments, **options):
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            return real[name](*arguments, **options)

        return moved

    with monkeypatch.context() as patched:
        for name in real:
            patched.setattr(os, name, step(name))
        try:
            exchange(dataset_path)
        except Killed:
            pass
    if read_attributes(dataset_path) is None:
        assert was_cut_off(dataset_path)
        with pytest.raises(StoreError, match="not an eventsim dataset"):
            open_dataset(dataset_path)
        exchange(dataset_path)
    seen = open_dataset(dataset_path)
    assert (len(seen), seen.attributes["seed"]) in ((old, 1), (0, 7))
    if moment > 1:
        assert len(seen) == 0


def test_void_before_new_attributes(dataset_path):
    void(dataset_path)
    assert committed_parts(dataset_path) == set()
    assert (dataset_path / OLD / "parts").is_dir()
    discard(dataset_path)
    assert not (dataset_path / OLD).exists()


def test_links_are_not_followed(dataset_path, tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "f").write_text("keep")
    shutil.rmtree(dataset_path / "samples")
    (dataset_path / "samples").symlink_to(precious)
    (dataset_path / "parts" / "00000" / "link").symlink_to(precious)
    void(dataset_path)
    discard(dataset_path)
    assert (precious / "f").read_text() == "keep"
