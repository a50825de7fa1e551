"""Pickles of plain values and arrays of integers, read without Python's unpickler.

A pickle is a program: it may call anything, and even one that may only call NumPy can have memory
read at an address of its choosing. This reads the operations one by one, knows the few that data
sets are made of, calls nothing, and makes arrays of integers from bytes that are there.

References
----------
.. [1] CPython, Lib/pickletools.py: the operations.
.. [2] NumPy, numpy/_core: ``ndarray.__reduce__``, ``__reduce_ex__`` (protocol 5) and
   ``dtype.__reduce__``.
"""

import math
import pickletools
import re
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_INTEGERS = re.compile(r"[<>=|]?[iu][1248]")
_MOST_OPERATIONS = 20_000_000
"""Of a file: a label takes two. Chosen by eye."""


class PickleRefused(ValueError):
    """The pickle holds something else than plain values and arrays of integers."""


@dataclass(frozen=True)
class _Name:
    """Something that the pickle would import."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


class _Dtype:
    """A dtype that is being made."""

    def __init__(self, code: object) -> None:
        if not isinstance(code, str) or not _INTEGERS.fullmatch(code):
            what = code[:20] if isinstance(code, str) else type(code).__name__
            raise PickleRefused(f"it holds an array of {what!r}, not of integers")
        self.code = code.lstrip("<>=|")
        self.order = code[0] if code[0] in "<>=|" else "="

    def set_state(self, state: object) -> None:
        # (version, byte order, subdtype, names, fields, size, alignment, flags) [2]_
        plain = isinstance(state, tuple) and len(state) >= 8 and state[2:5] == (None,) * 3
        if not plain or state[7] or state[1] not in ("<", ">", "=", "|"):  # type: ignore[index]
            raise PickleRefused("it holds an array of structures or objects")
        self.order = state[1]  # type: ignore[index]

    def array(self, data: object, shape: object, *, columns_first: bool) -> NDArray[Any]:
        """Make an array, if the bytes are exactly those of the shape."""
        raw = data.encode("latin-1") if isinstance(data, str) else data
        if not isinstance(raw, bytes | bytearray):
            raise PickleRefused("it holds an array that is not made of bytes")
        sizes = shape if isinstance(shape, tuple) else (shape,)
        if len(sizes) > 8 or not all(type(n) is int and 0 <= n < 2**48 for n in sizes):
            raise PickleRefused("it holds an array whose shape is none")
        dtype = np.dtype(self.order + self.code)
        if math.prod(sizes) * dtype.itemsize != len(raw):
            raise PickleRefused(f"it holds an array of {sizes} in {len(raw):,} bytes")
        flat = np.frombuffer(bytes(raw), dtype)
        return flat.reshape(sizes, order="F" if columns_first else "C")


class _Array:
    """An array that is being made: it has no bytes yet."""

    def __init__(self) -> None:
        self.values: NDArray[Any] | None = None

    def set_state(self, state: object) -> None:
        # (version, shape, dtype, column by column, bytes) [2]_
        if not (isinstance(state, tuple) and len(state) == 5 and isinstance(state[2], _Dtype)):
            raise PickleRefused("it holds an array that is not made of bytes")
        self.values = state[2].array(state[4], state[1], columns_first=bool(state[3]))


def read_plain_pickle(data: bytes) -> Any:
    """Read a pickle of dictionaries, lists, texts, numbers and arrays of integers.

    Parameters
    ----------
    data : bytes
        Of any protocol, written by Python 2 or 3, NumPy 1 or 2.

    Returns
    -------
    object
        Texts of Python 2 are bytes.

    Raises
    ------
    PickleRefused
        If it holds anything else, or is damaged.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes in texts
            return _finished(_Reader(len(data)).read(data), {})
    except PickleRefused:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        words = " ".join(str(error).split())[:100]
        raise PickleRefused(f"it is damaged ({words})") from error
    except RecursionError as error:
        raise PickleRefused("it is nested too deeply") from error


def _finished(value: Any, known: dict[int, Any]) -> Any:
    """Replace what was being made by what it is; what is there twice is done once."""
    if id(value) not in known:
        known[id(value)] = _finish(value, known)
    return known[id(value)]


def _finish(value: Any, known: dict[int, Any]) -> Any:
    if isinstance(value, _Array):
        if value.values is None:
            raise PickleRefused("it holds an array without bytes")
        return value.values
    if isinstance(value, dict):
        return {key: _finished(v, known) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_finished(v, known) for v in value)
    if isinstance(value, _Name | _Dtype):
        raise PickleRefused(f"it holds {value}")
    return value


class _Reader:
    """The stack and the memory that the operations work on."""

    def __init__(self, size: int) -> None:
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}
        # The same bytes may be used again and again, which takes no room in the file.
        self.bytes_left = 16 * size + 1_000_000

    def read(self, data: bytes) -> Any:
        """Work through the operations to the end."""
        for count, (operation, argument, _) in enumerate(pickletools.genops(data)):
            if count > _MOST_OPERATIONS:
                raise PickleRefused("it has too many operations")
            if operation.name == "STOP":
                return self.stack.pop()
            self._step(operation.name, argument)
        raise PickleRefused("it has no end")

    def _step(self, name: str, argument: Any) -> None:
        if name in _IGNORED:
            return
        if name in _BYTES and isinstance(argument, str):  # texts of Python 2
            self.stack.append(argument.encode("latin-1"))
        elif name in _VALUES:
            self.stack.append(bytes(argument) if isinstance(argument, bytearray) else argument)
        elif name in _CONSTANTS:
            kind = _CONSTANTS[name]
            self.stack.append(kind() if callable(kind) else kind)
        elif name in ("PUT", "BINPUT", "LONG_BINPUT"):
            self.memo[int(argument)] = self.stack[-1]
        elif name == "MEMOIZE":
            self.memo[len(self.memo)] = self.stack[-1]
        elif name in ("GET", "BINGET", "LONG_BINGET"):
            self.stack.append(self.memo[int(argument)])
        elif name == "GLOBAL":
            self.stack.append(_Name(*argument.split(" ", 1)))
        elif name in _BUILDERS:
            getattr(self, _BUILDERS[name])()
        else:
            raise PickleRefused(f"it does something that no data needs ({name})")

    def _above_mark(self) -> list[Any]:
        start = self.marks.pop()
        values = self.stack[start:]
        del self.stack[start:]
        return values

    def tuple_of_marked(self) -> None:
        self.stack.append(tuple(self._above_mark()))

    def tuple1(self) -> None:
        self._tuple(1)

    def tuple2(self) -> None:
        self._tuple(2)

    def tuple3(self) -> None:
        self._tuple(3)

    def _tuple(self, n: int) -> None:
        if len(self.stack) < n:
            raise PickleRefused("it takes more than there is")
        self.stack[-n:] = [tuple(self.stack[-n:])]

    def list_of_marked(self) -> None:
        self.stack.append(self._above_mark())

    def append(self) -> None:
        value = self.stack.pop()
        self._top(list).append(value)

    def appends(self) -> None:
        values = self._above_mark()
        self._top(list).extend(values)

    def set_item(self) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self._put([key, value])

    def set_items(self) -> None:
        self._put(self._above_mark())

    def dict_of_marked(self) -> None:
        values = self._above_mark()
        self.stack.append({})
        self._put(values)

    def stack_global(self) -> None:
        name, module = self.stack.pop(), self.stack.pop()
        if not isinstance(module, str) or not isinstance(name, str):
            raise PickleRefused("it calls something that is no name")
        self.stack.append(_Name(module, name))

    def reduce(self) -> None:
        arguments, name = self.stack.pop(), self.stack.pop()
        if not isinstance(name, _Name) or not isinstance(arguments, tuple):
            raise PickleRefused("it calls something that is no name")
        self._spend(arguments)
        self.stack.append(_called(name, arguments))

    def build(self) -> None:
        state, made = self.stack.pop(), self.stack[-1]
        if not isinstance(made, _Array | _Dtype):
            raise PickleRefused("it changes something that is no array")
        self._spend(state if isinstance(state, tuple) else ())
        made.set_state(state)

    def mark(self) -> None:
        self.marks.append(len(self.stack))

    def pop(self) -> None:
        if self.marks and self.marks[-1] == len(self.stack):
            self.marks.pop()
        else:
            self.stack.pop()

    def pop_mark(self) -> None:
        self._above_mark()

    def _put(self, values: list[Any]) -> None:
        """Put keys and values into the dictionary on top."""
        target = self._top(dict)
        for key, value in zip(values[::2], values[1::2], strict=True):
            if not isinstance(key, str | bytes | int):
                raise PickleRefused("it holds a dictionary whose keys are no names")
            target[key] = value

    def _spend(self, arguments: tuple[Any, ...]) -> None:
        self.bytes_left -= sum(len(a) for a in arguments if isinstance(a, str | bytes))
        if self.bytes_left < 0:
            raise PickleRefused("it uses the same bytes again and again")

    def _top(self, kind: type) -> Any:
        if type(self.stack[-1]) is not kind:
            raise PickleRefused(f"it puts something into what is no {kind.__name__}")
        return self.stack[-1]


def _called(name: _Name, arguments: tuple[Any, ...]) -> Any:
    """Stand in for what the call would make."""
    if (name.module, name.name) == ("_codecs", "encode") and arguments[1:] == ("latin1",):
        if isinstance(arguments[0], str):
            return arguments[0].encode("latin-1")
    if name.module in ("builtins", "__builtin__") and (name.name, arguments) == ("bytes", ()):
        return b""
    if name.module.split(".")[0] == "numpy":
        if name.name == "dtype":
            return _Dtype(_text(arguments[0]))
        if name.name == "_reconstruct":
            return _Array()
        if name.name == "_frombuffer" and isinstance(arguments[1], _Dtype):
            buffer, dtype, shape, order = arguments
            return dtype.array(buffer, shape, columns_first=order == "F")
        if name.name == "scalar" and isinstance(arguments[0], _Dtype):
            return int(arguments[0].array(arguments[1], (), columns_first=False))
    raise PickleRefused(f"it wants to call {name}")


def _text(value: object) -> object:
    return value.decode("latin-1") if isinstance(value, bytes) else value


_IGNORED = frozenset({"PROTO", "FRAME"})
_BYTES = frozenset({"STRING", "BINSTRING", "SHORT_BINSTRING"})
_VALUES = frozenset(
    {
        *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
        *("UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"),
        *("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"),
    }
)
_CONSTANTS: dict[str, Any] = {
    "NONE": None,
    "NEWTRUE": True,
    "NEWFALSE": False,
    "EMPTY_DICT": dict,
    "EMPTY_LIST": list,
    "EMPTY_TUPLE": tuple,
}
_BUILDERS = {
    "MARK": "mark",
    "TUPLE": "tuple_of_marked",
    "TUPLE1": "tuple1",
    "TUPLE2": "tuple2",
    "TUPLE3": "tuple3",
    "LIST": "list_of_marked",
    "APPEND": "append",
    "APPENDS": "appends",
    "DICT": "dict_of_marked",
    "SETITEM": "set_item",
    "SETITEMS": "set_items",
    "STACK_GLOBAL": "stack_global",
    "REDUCE": "reduce",
    "BUILD": "build",
    "POP": "pop",
    "POP_MARK": "pop_mark",
}
