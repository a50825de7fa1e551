import json

import numpy as np
import pytest

import eventsim
from eventsim.errors import ConfigError, StoreExistsError
from eventsim.events import Events
from eventsim.formats.reading import read
from eventsim.pipeline import export as module
from eventsim.pipeline.export import export, pieces_of, plan_export
from eventsim.pipeline.import_plan import plan_import
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.run import run
from eventsim.store.reader import Dataset


def events_of(seed, n=2000):
    rng = np.random.default_rng(seed)
    t = np.sort(rng.integers(0, 10**6, n)) + 7_000_000
    columns = rng.integers(0, 60, n), rng.integers(0, 40, n), rng.integers(0, 2, n)
    return Events.of(t, *columns, size=(60, 40))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    inputs = []
    for seed, (name, label) in enumerate(
        (("a", "cat"), ("A", "cat"), ("../../b", "dog"), ("train/dog/c", "dog"))
    ):
        events_of(seed).save(folder / f"{seed}.raw")
        inputs.append(Input(str(folder / f"{seed}.raw"), id=name, label=label, split="train"))
    run(plan_import(inputs), folder / "in.zarr")
    return eventsim.open_dataset(folder / "in.zarr")


def test_places_are_inside_the_folder_and_each_its_own(dataset, tmp_path):
    plan = plan_export(dataset, tmp_path / "out", format="dat")
    places = [place.relative_to(tmp_path / "out").as_posix() for place in plan.places]
    assert places == ["train/cat/a.dat", "train/cat/A-1.dat", "_/_/b.dat", "train/dog/c.dat"]


def test_pieces_make_the_whole_and_a_window_reads_only_itself(dataset, monkeypatch):
    monkeypatch.setattr(module, "PIECE_EVENTS", 300)
    pieces = list(pieces_of(dataset[0]))
    assert [len(piece) for piece in pieces] == [300] * 6 + [200]
    assert Events.concatenate(pieces, (60, 40)) == events_of(0)
    start, stop = 7_200_000, 7_300_000
    window = Events.concatenate(list(pieces_of(dataset[0], start, stop)), (60, 40))
    assert window == events_of(0).window(start, stop)


def test_an_export_that_was_stopped_goes_on(dataset, tmp_path, monkeypatch):
    plan = plan_export(dataset, tmp_path / "out", format="evt3")
    real, made = module.write_pieces, []

    def stops(pieces, size, place, name):
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(place)
        return real(pieces, size, place, name)

    monkeypatch.setattr(module, "write_pieces", stops)
    with pytest.raises(KeyboardInterrupt):
        export(plan)
    assert len(list((tmp_path / "out").rglob("*.raw"))) == 2
    monkeypatch.undo()
    told = []
    results = export(plan_export(dataset, tmp_path / "out", format="evt3"), progress=told.append)
    assert [one.kept for one in results] == [True, True, False, False]
    assert told[-1].done == told[-1].total == 4
    for seed, place in enumerate(plan.places):
        assert read(place) == events_of(seed)


def test_a_folder_of_another_export_is_refused(dataset, tmp_path):
    export(plan_export(dataset, tmp_path / "out", format="evt3"))
    with pytest.raises(StoreExistsError, match=r"differs in format\."):
        plan_export(dataset, tmp_path / "out", format="evt2")
    with pytest.raises(StoreExistsError, match=r"differs in start_us"):
        plan_export(dataset, tmp_path / "out", format="evt3", window_us=(5, None))
    state = tmp_path / "out" / module.STATE
    state.write_text(json.dumps(json.loads(state.read_text()) | {"content": "0"}))
    with pytest.raises(StoreExistsError, match=r"differs in content"):
        plan_export(dataset, tmp_path / "out", format="evt3")


def test_nothing_to_export(dataset, tmp_path):
    none = Dataset(dataset.path, np.empty(0, np.int64))
    with pytest.raises(ConfigError, match=r"has no recordings to export"):
        plan_export(none, tmp_path / "out", format="evt3")
