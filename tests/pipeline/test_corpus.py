"""From folders and tables to inputs."""

import hashlib

import pytest

from eventsim.errors import ConfigError, SourceError
from eventsim.pipeline.corpus import assign_splits, gather, read_manifest, with_ids
from eventsim.pipeline.inputs import Input


def test_folders_and_files_together(tmp_path, clips):
    (tmp_path / "walk").mkdir()
    (tmp_path / "walk" / "a.mp4").write_bytes(clips[0].read_bytes())
    (tmp_path / "list.txt").touch()
    inputs, notes = gather([tmp_path, clips[1]])
    assert inputs == [
        Input(str(tmp_path / "walk" / "a.mp4"), label="walk", group="walk/a", id="walk/a"),
        Input(str(clips[1])),
    ]
    assert notes == [f"list.txt is not a video and was left out in {tmp_path}"]
    assert {one.label for one in gather([tmp_path, clips[1]], "run")[0]} == {"run"}


def test_a_folder_without_videos_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="found none"):
        gather([tmp_path])


def test_a_table(tmp_path):
    """Paths are seen from the table; every column may be left out but the path."""
    table = tmp_path / "list.csv"
    table.write_text(
        "\ufeffpath,id,label,group,start_s,stop_s,settings\n"
        'a.mp4,first,läuft,anna,1.5,,"{""leak_rate_hz"": 0.5}"\n'
        "/x/b.mp4,,,,,2,\n"
        "https://host/c.mp4,,,,,,\n",
        encoding="utf-8",
    )
    assert read_manifest(table) == [
        Input(
            str(tmp_path / "a.mp4"), label="läuft", group="anna", id="first", start_s=1.5,
            settings=(("leak_rate_hz", 0.5),),
        ),
        Input("/x/b.mp4", stop_s=2.0),
        Input("https://host/c.mp4"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("path,labell\na,b\n", "found 'labell'"),
        ("label\nb\n", "found none called path"),
        ("path\n", "has no rows"),
        ("path,label\na.mp4,b\n,c\n", "row 2: it has no path"),
        ("path,start_s\na.mp4,soon\n", "row 1: start_s must be a number of seconds, found 'soon'"),
        ("path,settings\na.mp4,[1]\n", "row 1: settings must be names and numbers"),
        ("path,label\na.mp4\n", "row 1: it has fewer or more values"),
        ("path,label\na.mp4,b,c\n", "row 1: it has fewer or more values"),
        ('path\n"a\n', "is not a CSV file"),
    ],
)
def test_a_wrong_table_is_one_line(tmp_path, text, words):
    table = tmp_path / "list.csv"
    table.write_text(text)
    with pytest.raises(ConfigError, match=words):
        read_manifest(table)


def test_a_table_of_parquet(tmp_path):
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    columns = {"path": ["a.mp4", "b.mp4"], "label": ["x", None], "start_s": [None, 2.0]}
    parquet.write_table(arrow.table(columns), tmp_path / "t.parquet")
    assert read_manifest(tmp_path / "t.parquet") == [
        Input(str(tmp_path / "a.mp4"), label="x"),
        Input(str(tmp_path / "b.mp4"), start_s=2.0),
    ]
    (tmp_path / "t.parquet").write_text("no")
    with pytest.raises(ConfigError, match="not a Parquet file"):
        read_manifest(tmp_path / "t.parquet")


def test_a_split_never_tears_a_group_and_stays_when_others_come():
    inputs = [Input(f"{n}.mp4", id=str(n), group=f"person {n % 500}") for n in range(2000)]
    split = assign_splits(inputs, (0.8, 0.1, 0.1))
    by_group = {}
    for one in split:
        by_group.setdefault(one.group, set()).add(one.split)
    assert all(len(found) == 1 for found in by_group.values())
    shares = [sum(found == {name} for found in by_group.values()) / 500 for name in
              ("train", "val", "test")]  # fmt: skip
    assert shares == pytest.approx([0.8, 0.1, 0.1], abs=0.04)  # 3 sigma of 500 draws: 0.054, 0.040
    more = assign_splits([Input("new.mp4", id="new"), *inputs], (0.8, 0.1, 0.1))
    assert more[1:] == split
    place = int.from_bytes(hashlib.sha256(b"person 0").digest()[:8], "big") / 2**64
    expected = "train" if place < 0.8 else "val" if place < 0.9 else "test"
    assert split[0].split == expected


def test_a_split_that_is_there_stays():
    given = [Input("a", id="a", split="val"), Input("b", id="b")]
    assert [one.split for one in assign_splits(given, (1, 0, 0))] == ["val", "train"]
    assert {one.split for one in assign_splits([Input(str(n), id=str(n)) for n in range(99)],
                                               (0.5, 0.5, 0))} == {"train", "val"}  # fmt: skip


@pytest.mark.parametrize("shares", [(0.8, 0.1), (0.8, 0.1, 0.2), (1.1, -0.1, 0)])
def test_shares_are_checked(shares):
    with pytest.raises(ConfigError, match="three shares"):
        assign_splits([], shares)


def test_ids():
    named = with_ids([Input("x/a.mp4"), Input("y/a.mp4"), Input("b.mp4", id="a-2"), Input("a.avi")])
    assert [one.id for one in named] == ["a", "a-3", "a-2", "a-4"]
    with pytest.raises(ConfigError, match="'b' is that of two"):
        with_ids([Input("x", id="b"), Input("y", id="b")])
