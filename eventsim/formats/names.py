"""The formats there are: what each is called, its endings, and what opens and writes it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from eventsim.errors import ConfigError, SourceError, nearest
from eventsim.events import Events, SensorSize
from eventsim.formats import aedat, aedat4, dat, es, evt, hdf5, ndataset, npz, parquet, rosbag, text
from eventsim.formats.file import Block, EventFile, Layout

Open = Callable[[Path, Layout], EventFile]
Write = Callable[[BinaryIO, Iterable[Events], SensorSize], list[str]]

HEAD_BYTES = 4096
"""Of a file that tell what it is."""


@dataclass(frozen=True)
class Format:
    """A format.

    Attributes
    ----------
    name : str
    title : str
        For a list.
    endings : tuple of str
        Of file names, in lower case; the first is the one that is written.
    open : callable
    write : callable or None
        None where it is read only.
    keeps_kind : bool
        Whether it has room for the kind of an event.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    open: Open
    write: Write | None = None
    keeps_kind: bool = False


FORMATS = (
    Format("evt3", "Prophesee RAW, EVT3", (".raw",), evt.open_raw, evt.write_evt3),
    Format("evt2", "Prophesee RAW, EVT2", (".raw",), evt.open_raw, evt.write_evt2),
    Format("evt2.1", "Prophesee RAW, EVT2.1", (".raw",), evt.open_raw),
    Format(
        "aedat4", "AEDAT4 of iniVation's DV", (".aedat4",), aedat4.open_aedat4, aedat4.write_aedat4
    ),
    Format("aedat", "AEDAT 2.0 and 3.1 of jAER and cAER", (".aedat",), aedat.open_aedat),
    Format("dat", "Prophesee DAT", (".dat",), dat.open_dat, dat.write_dat),
    Format("es", "Event Stream 2.0", (".es",), es.open_es, es.write_es),
    Format("hdf5", "HDF5", (".h5", ".hdf5"), hdf5.open_hdf5, hdf5.write_hdf5, True),
    Format(
        "parquet",
        "Parquet, as evlib has it",
        (".parquet",),
        parquet.open_parquet,
        parquet.write_parquet,
        True,
    ),
    Format("npz", "NumPy, a column each", (".npz",), npz.open_npz, npz.write_npz, True),
    Format("npy", "NumPy, one structured array", (".npy",), npz.open_npz, npz.write_npy),
    Format(
        "rosbag",
        "ROS 1 and 2: dvs_msgs, event_camera_msgs",
        (".bag", ".mcap", ".db3"),
        rosbag.open_bag,
    ),
    Format("csv", "text with a header", (".csv",), text.open_text, text.write_csv, True),
    Format("txt", "text, as e2vid has it", (".txt",), text.open_text, text.write_txt),
    Format("ndataset", "N-MNIST, N-Caltech101", (".bin",), ndataset.open_bin, ndataset.write_bin),
)
"""In the order of a list; of several with one ending the first is written by default."""

ENDINGS = frozenset(ending for one in FORMATS for ending in one.endings)
"""Of files that are taken for event files in a folder."""


def is_bag(path: Path) -> bool:
    """Whether a path is the folder of a bag of ROS 2."""
    return (path / rosbag.METADATA).is_file()


def find_format(name: str) -> Format:
    """The format of that name.

    Raises
    ------
    ConfigError
        If there is none.
    """
    found = next((one for one in FORMATS if one.name == name), None)
    if found is None:
        hint = nearest(name, [one.name for one in FORMATS])
        raise ConfigError(f"there is no format {name!r}. {hint}")
    return found


def format_to_write(path: Path, name: str | None = None) -> Format:
    """The format that a file will be written in, by its name or by its ending.

    Raises
    ------
    ConfigError
        If there is none, or it is read only.
    """
    if name is not None:
        found = find_format(name)
        if found.write is None:
            writable = ", ".join(one.name for one in FORMATS if one.write)
            raise ConfigError(f"{name} is read only. Formats that are written: {writable}.")
        return found
    for one in FORMATS:
        if one.write is not None and path.suffix.lower() in one.endings:
            return one
    endings = sorted({one.endings[0] for one in FORMATS if one.write})
    raise ConfigError(
        f"{path} must end in {', '.join(endings)}, or be given a format (--format, format=)."
    )


def open_events(path: str | Path, layout: Layout = Layout(), name: str | None = None) -> EventFile:  # noqa: B008 - frozen
    """Open an event file.

    Parameters
    ----------
    path : path
    layout : Layout
        What the file does not say.
    name : str, optional
        Of the format; by default its ending says it.

    Returns
    -------
    EventFile

    Raises
    ------
    ConfigError
        If there is no format of that name or ending.
    SourceError
        If it is not there, or is broken.
    """
    path = Path(path)
    file = _open(path, _exchanged(layout), name)
    if not layout.transpose:
        return file

    def blocks() -> Iterator[Block]:
        for block in file.blocks():
            yield block._replace(x=block.y, y=block.x)

    size = None if file.size is None else SensorSize(file.size.height, file.size.width)
    return replace(file, size=size, blocks=blocks)


def _exchanged(layout: Layout) -> Layout:
    """What the file itself is like, if its rows and columns are to be exchanged."""
    if not layout.transpose or layout.size is None:
        return layout
    return replace(layout, size=SensorSize(layout.size.height, layout.size.width))


def _open(path: Path, layout: Layout, name: str | None) -> EventFile:
    if path.suffix == ".zarr":
        raise ConfigError(f"{path} is a dataset: eventsim.open_dataset reads it.")
    if is_bag(path):
        return rosbag.open_bag(path, layout)
    if not path.is_file():
        there = "is a folder" if path.is_dir() else "is not there"
        raise SourceError(f"expected an event file, but {path} {there}. Check the path.")
    if name is not None:
        return find_format(name).open(path, layout)
    ending = path.suffix.lower()
    found = next((one for one in FORMATS if ending in one.endings), None)
    if found is None:
        raise ConfigError(
            f"{path} is not known to be an event file; these end in {', '.join(sorted(ENDINGS))}. "
            "Name its format (--format, format=)."
        )
    return found.open(path, layout)
