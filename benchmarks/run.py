"""Speed and size of eventsim, as ratios measured in one run.

    python benchmarks/run.py
    python benchmarks/run.py --demo DEMO.mp4 --bbb BBB.mp4 --markdown OUT.md
    python benchmarks/run.py --only pixel,start

Absolute numbers depend on the machine and on what else runs on it; medians of interleaved
repeats make the ratios worth comparing.
"""

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter

from clips import DEMO_SIZE, Clip, read_clip, standard_clips
from rich.console import Console
from tables import Table, show, to_markdown

import eventsim
from eventsim.errors import EventSimError

BUNDLED = Path(__file__).resolve().parent.parent / "datasets" / "bigbuckbunny.mp4"
BENCHMARKS = (
    "pixel",
    "eventcv",
    "v2e",
    "i2e",
    "saccade",
    "upsampling",
    "loader",
    "training",
    "anonymize",
    "denoise",
    "decode",
    "formats",
    "memory",
    "store",
    "corpus",
    "start",
)


@dataclass(frozen=True)
class Options:
    """What was asked for."""

    demo: Path
    bbb: Path
    v2e: Path | None
    high_speed: Path | None
    davis: Path | None
    nmnist: Path | None
    only: tuple[str, ...]
    repeats: int
    minutes: float
    entries: int
    markdown: Path | None

    @cached_property
    def clips(self) -> list[Clip]:
        """All clips, decoded at the first use."""
        return standard_clips(self.demo, self.bbb)


def parse(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--demo", type=Path, metavar="DEMO.mp4", help="a busy, hand-held clip")
    parser.add_argument("--bbb", type=Path, metavar="BBB.mp4", help="a calm clip of 1280x720")
    parser.add_argument(
        "--high-speed", type=Path, metavar="FOLDER", help="frames of 240 a second, for `upsampling`"
    )
    parser.add_argument(
        "--davis", type=Path, metavar="CAMERA.aedat4", help="events and frames, for `denoise`"
    )
    parser.add_argument(
        "--nmnist", type=Path, metavar="NMNIST.npz", help="real recordings, for `denoise`"
    )
    parser.add_argument("--v2e", type=Path, metavar="FOLDER", help="a checkout of v2e")
    parser.add_argument("--only", metavar="NAME,...", help=f"some of {', '.join(BENCHMARKS)}")
    parser.add_argument("--repeats", type=int, default=5, help="rounds of each measurement (5)")
    parser.add_argument(
        "--minutes", type=float, default=10, help="of the long recording of `memory` (10)"
    )
    parser.add_argument(
        "--entries", type=int, default=100_000, help="of the longest list of `corpus` (100000)"
    )
    parser.add_argument("--markdown", type=Path, metavar="OUT.md", help="write the tables there")
    given = parser.parse_args(arguments)
    only = tuple(given.only.split(",")) if given.only else BENCHMARKS
    unknown = [name for name in only if name not in BENCHMARKS]
    if unknown:
        parser.error(f"--only must be some of {','.join(BENCHMARKS)}, found {unknown[0]!r}")
    if given.repeats < 1 or given.minutes <= 0 or given.entries < 1:
        parser.error("--repeats must be 1 or more, --entries too, and --minutes above 0")
    for path in (given.demo, given.bbb, given.davis, given.nmnist):
        if path is not None and not path.is_file():
            parser.error(f"there is no file {path}")
    if given.v2e is not None and not (given.v2e / "v2ecore" / "emulator.py").is_file():
        parser.error(f"there is no v2ecore/emulator.py in {given.v2e}; pass a checkout of v2e")
    return Options(
        given.demo or BUNDLED,
        given.bbb or BUNDLED,
        given.v2e,
        given.high_speed,
        given.davis,
        given.nmnist,
        only,
        given.repeats,
        given.minutes,
        given.entries,
        given.markdown,
    )


def measure(name: str, options: Options) -> list[Table]:
    """Run one benchmark; only what it needs is imported and decoded."""
    if name == "pixel":
        from measure_pixel import measure_pixel

        return measure_pixel(options.clips, options.repeats)
    if name == "eventcv":
        from measure_peer import measure_peer

        return measure_peer(options.clips, options.repeats)
    if name == "v2e":
        from measure_v2e import measure_v2e

        return measure_v2e(options.clips[::2], options.v2e, options.repeats)
    if name == "i2e":
        from measure_i2e import measure_i2e

        return measure_i2e(options.bbb, options.repeats)
    if name == "saccade":
        from measure_saccade import measure_saccade

        return measure_saccade(options.repeats)
    if name == "upsampling":
        from measure_upsampling import measure_upsampling

        return measure_upsampling(options.bbb, options.high_speed, options.repeats)
    if name == "loader":
        from measure_loader import measure_loader

        return measure_loader(options.bbb, options.repeats)
    if name == "training":
        from measure_training import measure_training

        return measure_training(options.demo, options.repeats)
    if name == "anonymize":
        from measure_anonymize import measure_anonymize

        return measure_anonymize(options.repeats)
    if name == "denoise":
        from measure_denoise import measure_denoise

        return measure_denoise(options.davis, options.nmnist, options.repeats)
    if name == "decode":
        from measure_decode import measure_decode

        return measure_decode(options.bbb, options.repeats)
    if name == "formats":
        from measure_formats import measure_formats

        return measure_formats(options.repeats)
    if name == "memory":
        from measure_memory import measure_memory

        return measure_memory(options.minutes)
    if name == "corpus":
        from measure_corpus import measure_corpus

        return measure_corpus(options.demo, options.entries, options.repeats)
    if name == "store":
        from measure_store import measure_store

        clips = [read_clip(options.demo, "demo346", size=DEMO_SIZE)]
        if options.bbb != options.demo:
            clips.append(read_clip(options.bbb, "bbb{height}"))
        return measure_store(clips, options.repeats)
    from measure_start import measure_start

    return measure_start()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write the Markdown."""
    options = parse(arguments)
    console = Console() if sys.stdout.isatty() else Console(width=160)
    processor = platform.processor() or platform.machine()
    words = [
        f"eventsim {eventsim.__version__}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores ({processor}), {platform.system()}",
    ]
    words += [
        f"--{name} not given: {BUNDLED.name}, the bundled sample, is used in its place"
        for name, path in (("demo", options.demo), ("bbb", options.bbb))
        if path == BUNDLED
    ]
    for line in words:
        console.print(line, highlight=False)
    written = ["\n".join(f"{line}  " for line in words) + "\n"]
    started = perf_counter()
    try:
        for name in options.only:
            for table in measure(name, options):
                show(table, console)
                written.append(to_markdown(table))
    except EventSimError as error:
        Console(stderr=True).print(f"error: {error}", highlight=False, markup=False)
        return 2
    console.print(f"\n{perf_counter() - started:.0f} s in all", highlight=False)
    if options.markdown:
        options.markdown.write_text("\n".join(written), encoding="utf-8")
        console.print(f"written to {options.markdown}", highlight=False, markup=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
