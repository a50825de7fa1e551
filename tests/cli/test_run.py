import pytest

from eventsim import shipped
from eventsim.cli.main import main


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A recipe that writes down its arguments and ends with their number."""
    path = tmp_path / "recipes" / "count_words.py"
    path.parent.mkdir()
    path.write_text(
        '"""Count words."""\n'
        "import sys, pathlib\n"
        "pathlib.Path(sys.argv[1]).write_text(repr(sys.argv[2:]))\n"
        "raise SystemExit(len(sys.argv) - 2)\n"
    )
    (tmp_path / "recipes" / "count_words.toml").write_text("title = 'Words'\n")
    monkeypatch.setattr(shipped, "shipped_root", lambda: tmp_path)
    return path


@pytest.mark.usefixtures("program")
def test_arguments_go_through_untouched_and_the_exit_code_comes_back(tmp_path):
    out = tmp_path / "said"
    assert main(["run", "count_words", str(out), "--help", "--seed=3", "-x", "a b"]) == 4
    assert out.read_text() == "['--help', '--seed=3', '-x', 'a b']"


@pytest.mark.usefixtures("program")
def test_a_card_is_no_program(capsys):
    assert main(["run", "count_words.toml"]) == 2
    assert "count_words.toml is not a program" in capsys.readouterr().err


def test_unknown_program(capsys):
    assert main(["run", "no_such_program"]) == 2
    assert "eventsim ls" in capsys.readouterr().err


def test_help_says_how_to_get_help_of_a_program(capsys):
    assert main(["run", "--help"]) == 0
    assert "eventsim run NAME --help" in capsys.readouterr().out
