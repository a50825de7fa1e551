"""The table of samples: texts as bytes, columns joined in order."""

from eventsim.store.layout import EVENTS
from eventsim.store.opening import open_finished
from eventsim.store.samples import Texts, join_tables


def test_texts_survive_whatever_a_file_name_may_be():
    words = ["", "läuft", "a\udcffb", "x"]
    texts = Texts.of(words)
    assert [texts[i] for i in range(len(texts))] == words
    both = Texts.joined([texts, Texts.of([]), Texts.of(["y"])])
    assert [both[i] for i in range(len(both))] == [*words, "y"]


def test_tables_are_joined_in_order(dataset_path):
    table = open_finished(dataset_path).table
    twice = join_tables([table, table], EVENTS)
    assert len(twice) == 6
    assert twice.row(4) == table.row(1)
    assert table.row(2)["label"] == "läuft"
    assert table.row(0)["notes"] == ("note of a.mp4",)
    assert len(join_tables([], EVENTS)) == 0
