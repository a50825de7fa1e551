from pathlib import Path

import pytest

from eventsim.errors import SourceError
from eventsim.sources.times_file import read_times


def times(tmp_path: Path, text: str) -> list[tuple[str | None, int]]:
    path = tmp_path / "times.txt"
    path.write_text(text, encoding="utf-8")
    return [(row.name, row.t_us) for row in read_times(path)]


def test_whole_numbers_are_microseconds(tmp_path: Path) -> None:
    assert times(tmp_path, "000000000000\n000000004166\n") == [(None, 0), (None, 4166)]


def test_decimal_numbers_are_seconds(tmp_path: Path) -> None:
    found = times(tmp_path, "0.0\n.5\n1.5e-3\n2e-6\n0.0000005\n3.\n")
    # 0.5 us is halfway and goes to the even 0.
    assert [t for _, t in found] == [0, 500_000, 1500, 2, 0, 3_000_000]


def test_names_lose_their_folder(tmp_path: Path) -> None:
    text = "# made by hand\n./clip 1/000001.png 10\n\nclip\\b.png,\t20\n"
    assert times(tmp_path, text) == [("000001.png", 10), ("b.png", 20)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0\n0.5\n", "line 2 of"),
        ("a.png 0\n5\n", "line 2 of"),
        ("time\n0\n", "line 1 of"),
        ("0\nnan\n", "line 2 of"),
        ("# nothing\n\n", "no line"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        times(tmp_path, text)


def test_missing_and_binary_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No such file"):
        read_times(tmp_path / "none.txt")
    (tmp_path / "b.txt").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(SourceError, match="not text"):
        read_times(tmp_path / "b.txt")
