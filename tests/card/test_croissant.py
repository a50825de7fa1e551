"""The file itself is read by mlcroissant in test_write; here: types and checksums."""

import hashlib
import json

from eventsim.card.about import About
from eventsim.card.croissant import make_croissant
from eventsim.card.statistics import gather_statistics
from eventsim.store.reader import open_dataset


def test_fields(corpus):
    path = corpus / "out.zarr"
    statistics = gather_statistics(path)
    text = make_croissant("out.zarr", open_dataset(path).attributes, statistics, About(), b"a,b\n")
    document = json.loads(text)
    assert document["name"] == "out"
    assert document["license"].startswith("not stated")
    assert document["distribution"][0]["sha256"] == hashlib.sha256(b"a,b\n").hexdigest()
    types = {f["name"]: f["dataType"] for f in document["recordSet"][0]["field"]}
    assert types["label"] == "sc:Text"
    assert types["events"] == "sc:Integer"
    assert types["rate_hz"] == "sc:Float"
    assert set(types) == set(statistics.table)
