"""`eventsim tune CLIP`: a page on which sliders move the settings."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from eventsim.cli.options import DEFAULTS, CameraFlags, FrameFlags, parse_settings, read_settings
from eventsim.cli.printing import make_console
from eventsim.cli.report import line
from eventsim.errors import ConfigError

SHOWN_S = 1.0
"""Of a clip, if --stop says no other: a second is simulated in a fraction of one."""


def tune(
    path: Path,
    *,
    camera: CameraFlags | None = None,
    frames: FrameFlags | None = None,
    port: int = 0,
    open_: Annotated[bool, Parameter(name="--open", negative="--no-open")] = True,
) -> int:
    """Tune a sensor by eye: sliders in the browser, and the events of your clip beside them.

    The page also says the command line that makes the same events. It is served on this machine
    alone, until Ctrl-C. Needs the extra tune.

    Parameters
    ----------
    path
        Video, folder of images or multi-page image; one second of it is shown, or what --start
        and --stop say.
    port
        Port of the page; 0 takes any that is free.
    open_
        Open a browser.

    Returns
    -------
    int
        0
    """
    try:
        from eventsim.tuner.page import TunerPage, serve
    except ModuleNotFoundError as error:
        raise ConfigError(f"tune needs {error.name}: pip install 'eventsim-dvs[tune]'.") from None
    from eventsim.camera import without_draws
    from eventsim.tuner.choice import Choice

    camera, frames = camera or CameraFlags(), frames or FrameFlags()
    if not 0 <= port < 65_536:
        raise ConfigError(f"--port must be 0 to 65535, found {port}.")
    reading = frames.reading()
    if reading.stop_s is None:
        reading = replace(reading, stop_s=(reading.start_s or 0) + SHOWN_S)
    values = dict(DEFAULTS) | (read_settings(camera.settings) if camera.settings else {})
    values |= {n: v for n, v in (("sensor", camera.sensor), ("noise", camera.noise)) if v}
    sensor, noise = str(values.pop("sensor")), str(values.pop("noise"))
    choice = Choice(sensor, noise).with_values(values | parse_settings(camera.set_))
    without_draws(choice.camera(), "the page")
    console = make_console()

    def page() -> TunerPage:
        return TunerPage(path, reading, choice, seed=camera.seed)

    page()  # what is wrong is said here, and the pixel is compiled before the browser waits
    try:
        with suppress(KeyboardInterrupt):
            serve(page, port=port, show=open_, tell=lambda said: line(console, "page", said))
    except OSError as error:
        raise ConfigError(
            f"the page cannot be served on port {port}: {error.strerror or error}. "
            "Give another --port."
        ) from error
    line(console, "stopped", "the page is closed")
    return 0
