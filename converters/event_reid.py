"""Convert the clips of Event-ReId (Ahmad, Morerio and Del Bue, ICCV 2023) into one dataset.

    eventsim run event_reid sample_data OUT.zarr

Each clip is a text of lines "t x y p", t in milliseconds. Its name says who and which camera:
test/002_c3_045.txt is person 002 before camera 3. Folder and person become the group, the camera
the label; what query_list.txt names is split test, what gallery_list.txt names is split train, and
the rest is split val. Give it to `eventsim privacy-report --dataset`.
"""

import argparse
import re
import sys
from pathlib import Path

import numpy as np

import eventsim
from eventsim.errors import EventSimError, SourceError
from eventsim.events import Events, Packet
from eventsim.store.dataset import create_dataset
from eventsim.store.finish import finish
from eventsim.store.writer import PartWriter

SIZE = (640, 480)
"""Of the cameras (the dataset's own README)."""
_NAME = re.compile(r"(\d+)_c(\d+)_(\d+)\.txt")
_SPLITS = {"query_list.txt": "test", "gallery_list.txt": "train"}


def find_clips(folder: Path) -> list[tuple[Path, str]]:
    """Paths of all clips with their splits, in order of their names.

    Raises
    ------
    SourceError
        If there are none.
    """
    splits = {}
    for name, split in _SPLITS.items():
        path = folder / name
        if path.is_file():
            for row in path.read_text(encoding="utf-8").split("\n"):
                if row.strip():
                    splits[row.split()[0]] = split
    found = [path for path in sorted(folder.rglob("*.txt")) if _NAME.fullmatch(path.name)]
    if not found:
        raise SourceError(
            f"expected clips such as test/002_c3_045.txt in {folder}, found none. Give the folder "
            "sample_data of the archive."
        )
    return [(path, splits.get(path.relative_to(folder).as_posix(), "val")) for path in found]


def read_clip(path: Path) -> Events:
    """Events of a clip, times from 0.

    Raises
    ------
    SourceError
        If it is no such text.
    """
    try:
        table = np.loadtxt(path, ndmin=2)
        if not len(table) or table.shape[1] != 4:
            raise ValueError(f"expected four columns, found {table.shape}")
        t_us = np.rint((table[:, 0] - table[:, 0].min()) * 1000).astype(np.int64)
        order = np.argsort(t_us, kind="stable")
        columns = (t_us, *(table[:, k].astype(np.int64) for k in (1, 2, 3)))
        return Events.of(*(column[order] for column in columns), size=SIZE)
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} is no clip of Event-ReId: {error}") from None


def convert(folder: Path, out: Path) -> list[str]:
    """Write the dataset; returns why clips failed, a line each."""
    clips = find_clips(folder)
    attributes = {
        "version": eventsim.__version__,
        "method": "recorded",
        "sensor": "Prophesee 640x480",
        "settings": {},
        "about": {
            "title": "Event-ReId",
            "citation": 'Ahmad, Morerio, Del Bue, "Person Re-Identification without Identification '
            'via Event Anonymization", ICCV 2023',
        },
        "inputs": {"count": len(clips)},
    }
    create_dataset(out, attributes, parts=1)
    writer, failed = PartWriter(out, 0), []
    for path, split in clips:
        person, camera = _NAME.sub(r"\1 \2", path.name).split(" ")
        try:
            events = read_clip(path)
        except SourceError as error:
            failed.append(str(error))
            writer.fail_recording(str(error), source=path.name)
            continue
        end = int(events.t[-1])
        frames = np.unique([0, end])
        stops = np.searchsorted(events.t, frames, side="right").astype(np.int64)
        writer.begin_recording(
            size=SIZE, source=path.name, seed=0, id=f"{path.parent.name}/{path.stem}",
            label=f"camera {int(camera)}", split=split, group=f"{path.parent.name}/{person}",
        )  # fmt: skip
        writer.write(Packet(events, frames, stops))
        writer.end_recording(notes=["its times are those of the text, in ms"])
    writer.commit()
    finish(out)
    return failed


def main(arguments: list[str] | None = None) -> int:
    """Run the converter."""
    parser = argparse.ArgumentParser(
        "event_reid", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    words = parser.parse_args(arguments)
    try:
        failed = convert(words.folder, words.out)
    except EventSimError as error:
        print(f"event_reid: error: {error}", file=sys.stderr)
        return 2
    for reason in failed:
        print(f"event_reid: failed: {reason}", file=sys.stderr)
    print(f"wrote {eventsim.open_dataset(words.out)!r}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
