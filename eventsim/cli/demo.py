"""`eventsim demo`: from a bundled clip to events, a film and a picture."""

import shutil
import sys
from pathlib import Path

from eventsim.cli.printing import make_console
from eventsim.errors import ConfigError

CLIP = "bigbuckbunny.mp4"
CREDIT = "Big Buck Bunny, (c) 2008 Blender Foundation, www.bigbuckbunny.org, CC BY 3.0"


def demo(folder: Path = Path("demo")) -> int:
    """Convert a short bundled clip, and show what came out.

    Parameters
    ----------
    folder
        Is made; demo.zarr, demo.mp4 and demo.png in it are replaced.

    Returns
    -------
    int
        0; 1 if the clip could not be converted.
    """
    from eventsim.cli.convert import convert
    from eventsim.cli.options import RunFlags
    from eventsim.cli.view import view
    from eventsim.shipped import find

    console = make_console()
    clip, dataset = find(CLIP), folder / "demo.zarr"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"the folder '{folder}' cannot be made: {error.strerror}. Choose another."
        ) from error
    console.print(f"clip    {CREDIT}\n")
    failed = convert(clip, dataset, run=RunFlags(overwrite=True))
    if failed:
        return failed
    console.print()
    for name in ("demo.mp4", "demo.png"):
        view(dataset, folder / name)
    # In a virtual environment that is not active the bare name is not found.
    command = "eventsim" if shutil.which("eventsim") else f"{sys.executable} -m eventsim"
    console.print(
        f"""
Look at
  {folder / "demo.mp4"}
    the clip beside its events: orange where it gets brighter, blue where it gets darker;
    the edges of what moves show, and what stands still is empty but for noise
  {folder / "demo.png"}
    one moment, all events in space and time, and how many of them are noise

Next, with a video of your own:
  {command} convert YOUR_VIDEO.mp4 yours.zarr
  {command} view yours.zarr"""
    )
    return 0
