"""Videos in folders: a folder per class, splits above them, as corpora come."""

from dataclasses import dataclass
from pathlib import Path

from eventsim.sources.checks import is_image
from eventsim.sources.folder_walk import is_seen, left_out, short_names, split_folders, walk

VIDEO_SUFFIXES = frozenset(
    {
        *(".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".m2v", ".wmv"),
        *(".asf", ".flv", ".f4v", ".3gp", ".3g2", ".ts", ".mts", ".m2ts", ".ogv", ".ogg"),
        *(".vob", ".mxf", ".y4m", ".dv", ".rm", ".rmvb", ".nut", ".gif"),
    }
)
"""Endings of files that are taken for videos in a folder; a file that is named is always tried."""


ZARR = "zarr.json"
"""A folder that holds this file is a Zarr group: a dataset, and no corpus."""


@dataclass(frozen=True)
class FoundVideo:
    """A video, or a folder of frames, and what its place says of it.

    Attributes
    ----------
    path : Path
    id : str
        Its path below the corpus without the ending, or with it where two would be the same.
    label, split : str
        Names of the folder of its class and of its split; "" where there is none.
    group : str
        Name of the folder below that of its class; of a video that lies in none, its id.
    """

    path: Path
    id: str
    label: str
    split: str
    group: str


def is_corpus(path: Path) -> bool:
    """Whether a path is a folder of videos or of folders, and not a folder of frames."""
    if not path.is_dir() or (path / ZARR).is_file():
        return False
    entries = [entry for entry in path.iterdir() if is_seen(entry)]
    if any(_is_video(entry) for entry in entries if not entry.is_dir()):
        return True
    images = any(is_image(entry) for entry in entries if not entry.is_dir())
    return not images and any(entry.is_dir() for entry in entries)


def find_videos(root: Path) -> tuple[list[FoundVideo], list[str]]:
    """List the videos of a corpus, and say what was left out.

    With train/, val/ or test/ in the folder, these are splits; folders (below) are classes. A
    folder of images without a video in it is a video of frames. Links are followed once.

    Parameters
    ----------
    root : Path

    Returns
    -------
    videos : list of FoundVideo
        In order: splits, then natural order of names.
    notes : list of str

    Raises
    ------
    OSError
        If a folder cannot be listed.
    """
    notes: list[str] = []
    found: list[tuple[Path, str, tuple[str, ...]]] = []
    for folder, split in split_folders(root, notes):
        others: list[str] = []
        for place, below, names in walk(folder, notes):
            inside = place.relative_to(folder).parts
            if ZARR in names:
                notes.append(f"{place} is a Zarr group, and was left out")
                below.clear()
                continue
            videos = [name for name in names if _is_video(Path(name))]
            rest = [name for name in names if not _is_video(Path(name))]
            if not videos and place != folder and _holds_frames(place, rest, below):
                below.clear()
                found.append((place, split, inside[:-1]))
                continue
            found += [(place / name, split, inside) for name in videos]
            others += rest
        notes += left_out(others, "video", folder)
    ids = short_names([path.relative_to(root) for path, _, _ in found], _is_video)
    listed = [
        FoundVideo(
            path, name, inside[0] if inside else "", split, inside[1] if inside[1:] else name
        )
        for (path, split, inside), name in zip(found, ids, strict=True)
    ]
    return listed, notes


def _holds_frames(place: Path, names: list[str], below: list[str]) -> bool:
    """Whether a folder without videos is a video of frames: it has images, and no video below."""
    if not any(is_image(Path(name)) for name in names):
        return False
    return not below or not any(_is_video(path) for path in place.rglob("*"))


def _is_video(path: Path) -> bool:
    return path.suffix.lower() in VIDEO_SUFFIXES
