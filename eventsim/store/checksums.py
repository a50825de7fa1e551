"""What a commit record says of the files of its part, and a seal on what it says itself.

These checksums are crc32 (of zlib), not the crc32c that closes each chunk: the crc32c of bytes
followed by their own crc32c is the same for all bytes, so a shard's would be that of any other
shard with chunks of the same lengths.
"""

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SEAL = "crc32"
"""Name of the attribute that is the checksum of all others."""


def sealed(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes of a group with a checksum over them.

    The crc32 is that of their JSON text as ASCII, with sorted keys and no space in it.

    Parameters
    ----------
    attributes : mapping
        JSON values; a seal that they have is replaced.
    """
    content = {name: value for name, value in attributes.items() if name != SEAL}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return {**content, SEAL: zlib.crc32(text.encode("ascii"))}


def files_of(
    folder: Path, known: Mapping[str, tuple[int, int]] | None = None
) -> dict[str, list[int]]:
    """Size and crc32 of all files under a folder.

    Parameters
    ----------
    folder : Path
    known : mapping of str to (bytes, crc32), optional
        Files that need not be read for it.

    Returns
    -------
    dict of str to [bytes, crc32]
        By path under the folder, sorted.
    """
    known = known or {}
    files = {}
    for file in sorted(entry for entry in folder.rglob("*") if entry.is_file()):
        name = file.relative_to(folder).as_posix()
        if name in known:
            files[name] = list(known[name])
        else:
            content = file.read_bytes()
            files[name] = [len(content), zlib.crc32(content)]
    return dict(sorted(files.items()))
