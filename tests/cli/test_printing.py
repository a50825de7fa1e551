import io

import pytest

from eventsim.cli.printing import make_console, printable


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[bold]x[/bold] [Group] :smile:", "[bold]x[/bold] [Group] :smile:"),
        ("a\nb\rc\td", "a\\x0ab\\x0dc\\x09d"),
        ("\x1b]0;PWN\x07\x1b[2J", "\\x1b]0;PWN\\x07\\x1b[2J"),
        ("caf\udce9", "caf\\xe9"),
        ("right\u202eleft \x9b31m", "right\\u202eleft \\x9b31m"),
        ("фильм 映画 é 🎥", "фильм 映画 é 🎥"),
    ],
)
def test_text_is_shown_as_it_is(text, wanted):
    file = io.StringIO()
    make_console(file=file).print(printable(text))
    assert file.getvalue() == f"{wanted}\n"


def test_anything_can_be_printed():
    assert printable(12) == "12"
