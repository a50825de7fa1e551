"""Printing what people and files are called: as it is, and harmlessly."""

from typing import Any

from rich.console import Console


def make_console(**options: Any) -> Console:
    """Return a console that takes text as it is: no markup, no emoji codes, no folding.

    Parameters
    ----------
    **options
        Of `rich.console.Console`.
    """
    return Console(soft_wrap=True, highlight=False, markup=False, emoji=False, **options)


def printable(text: object) -> str:
    r"""Text with everything escaped that a terminal would act on or could not show.

    Parameters
    ----------
    text : object
        Becomes a text first.

    Returns
    -------
    str
        Control characters and bytes of names that are not UTF-8 as ``\x1b``; all else as it is.

    Examples
    --------
    >>> printable("\x1b[31mred\n[bold] :smile: \udce9")
    '\\x1b[31mred\\x0a[bold] :smile: \\xe9'
    """
    return "".join(_escaped(character) for character in str(text))


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that is no UTF-8 (PEP 383)
        return f"\\x{code - 0xDC00:02x}"
    if character == " " or character.isprintable():
        return character
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
