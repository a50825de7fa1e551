"""The page: sliders to the left, what the camera sees to the right, the command line below.

Each browser tab has a state of its own. A move of a slider simulates the clip again, which takes a
fraction of a second.
"""

import socket
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import panel

from eventsim.camera import SETTINGS
from eventsim.errors import EventSimError
from eventsim.events import Events
from eventsim.pixel.settings import CARD_NOISE, PRESETS
from eventsim.random import recording_seed
from eventsim.sensors.cards import sensor_names
from eventsim.sources.reading import Reading
from eventsim.tuner.choice import STEPS, Choice, offered
from eventsim.tuner.clip import Clip, keep_clip
from eventsim.tuner.seen import rates, see
from eventsim.view.moment import draw_moment
from eventsim.view.windows import ViewOptions

HERE = "127.0.0.1"
CUT = (
    "Only the beginning is shown, since all frames do not fit into memory: the command makes more."
)
WIDTH_PX = 340
WINDOWS_MS = (1, 2, 5, 10, 20, 33, 50, 100)


class TunerPage:
    """A clip, what is chosen, and the widgets that say and show it.

    Parameters
    ----------
    path : path
        Of the clip.
    reading : Reading
        Part and size of it.
    choice : Choice
        To begin with.
    seed : int
    """

    def __init__(
        self, path: str | Path, reading: Reading, choice: Choice, *, seed: int = 1
    ) -> None:
        self._path, self._reading, self._seed = path, reading, seed
        self._choice = choice
        self._seen: tuple[Clip, Events] | None = None
        self._moving = False
        own = choice.camera().values
        # A card of one's own is a path, and stays among the sensors.
        names = [*sensor_names(), *({choice.sensor} - set(sensor_names()))]
        self.sensor = panel.widgets.Select(label="sensor", options=names, value=choice.sensor)
        self.noise = panel.widgets.Select(
            label="noise", options=[CARD_NOISE, *PRESETS], value=choice.noise
        )
        self.sliders = {
            name: panel.widgets.DiscreteSlider(
                label=_label(name), options=offered(name, own[name]), value=own[name]
            )
            for name in STEPS
            if name in own
        }
        self.moment = panel.widgets.FloatSlider(label="moment (s)", start=0, end=1, step=0.001)
        self.window = panel.widgets.DiscreteSlider(
            label="window (ms)", options=list(WINDOWS_MS), value=33
        )
        self.color = panel.widgets.RadioButtonGroup(options=["polarity", "kind"], value="polarity")
        self.back = panel.widgets.Button(label="as the sensor is")
        self.picture = panel.pane.Matplotlib(None, format="png", tight=False, width=900)
        self.table = panel.pane.HTML("")
        self.command = panel.pane.HTML("")
        self._connect()
        self._read()
        self._simulate()

    def view(self) -> Any:
        """What the browser shows."""
        camera = panel.Column(
            self.sensor, self.noise, *self.sliders.values(), self.back, width=WIDTH_PX
        )
        look = panel.Row(self.moment, self.window, self.color)
        return panel.Row(camera, panel.Column(look, self.picture, self.table, self.command))

    def _connect(self) -> None:
        for chosen in (self.sensor, self.noise):
            chosen.param.watch(self._other_sensor, "value")
        for slider in self.sliders.values():
            slider.param.watch(self._other_value, "value_throttled")
        self.back.on_click(self._other_sensor)
        for looks in (self.moment, self.window):
            looks.param.watch(self._other_look, "value_throttled")
        self.color.param.watch(self._other_look, "value")

    def _other_sensor(self, _: Any) -> None:
        """A sensor or a preset brings its own values with it, and maybe another size."""
        self._choice = Choice(self.sensor.value, self.noise.value)
        own = self._choice.camera().values
        self._moving = True
        for name, slider in self.sliders.items():
            slider.param.update(options=offered(name, own[name]), value=own[name])
        self._moving = False
        self._safely(self._read, self._simulate)

    def _other_value(self, _: Any) -> None:
        if not self._moving:
            self._safely(self._simulate)

    def _other_look(self, _: Any) -> None:
        self._safely(self._draw)

    def _safely(self, *steps: Callable[[], None]) -> None:
        """Do what a widget asks for; values that contradict each other are said, and stay."""
        try:
            for step in steps:
                step()
        except EventSimError as error:
            self.command.object = f'<p id="wrong" style="color: #b00020">{escape(str(error))}</p>'

    def _read(self) -> None:
        seed = recording_seed(self._seed, 0)
        clip = keep_clip(self._path, self._reading, self._choice.camera(), seed)
        start, stop = (edge * 1e-6 for edge in clip.span_us)
        at = self.moment.value if start < self.moment.value <= stop else (start + stop) / 2
        self.moment.param.update(start=start, end=stop, value=at)
        self._seen = clip, Events.empty(clip.size)

    def _simulate(self) -> None:
        if self._seen is None:
            return
        clip = self._seen[0]
        values = {name: slider.value for name, slider in self.sliders.items()}
        self._choice = self._choice.with_values(values)
        self._seen = clip, see(clip, self._choice.camera(), self._seed)
        self._draw()

    def _draw(self) -> None:
        if self._seen is None:
            return
        clip, events = self._seen
        first, last = clip.span_us
        at_us = min(max(round(self.moment.value * 1e6), first + 1), last)
        options = ViewOptions(window_us=self.window.value * 1000.0, color=self.color.value)
        self.picture.object = draw_moment(
            events, clip, span=(first, last), at_us=at_us, options=options
        )
        self.table.object = _table(events, (last - first) * 1e-6)
        said = self._choice.command(self._path, self._reading, self._seed)
        notes = [] if clip.whole else [CUT]
        below = "".join(f"<p>{escape(note)}</p>" for note in notes)
        self.command.object = f'<pre id="command">{escape(said)}</pre>{below}'


def _label(name: str) -> str:
    extra: Any = SETTINGS[name].json_schema_extra
    unit = extra["unit"]
    return f"{name} ({unit})" if unit not in ("", "1") else name


def _table(events: Events, seconds: float) -> str:
    rows = "".join(
        f"<tr><td>{name}</td><td>{count:,}</td><td>{on:.4g}</td><td>{off:.4g}</td></tr>"
        for name, count, on, off in rates(events, seconds)
    )
    head = (
        "<tr><th>kind</th><th>events</th><th>ON, Hz per pixel</th><th>OFF, Hz per pixel</th></tr>"
    )
    return (
        "<style>#rates td, #rates th { padding: 2px 14px; text-align: right }</style>"
        f'<table id="rates">{head}{rows}</table>'
        f'<p id="total">{len(events):,} events in {seconds:.3g} s on {events.size}</p>'
    )


def serve(
    page: Callable[[], TunerPage], *, port: int, show: bool, tell: Callable[[str], None]
) -> None:
    """Serve the page on this machine alone, until it is interrupted.

    Parameters
    ----------
    page : callable
        Makes the page of a browser tab.
    port : int
        0 takes any that is free.
    show : bool
        Whether to open a browser.
    tell : callable
        Is told the address.

    Raises
    ------
    OSError
        If the port is taken.
    """
    with socket.socket() as free:
        free.bind((HERE, port))  # or the server would leave one open that it could not bind
    panel.extension()
    server = panel.serve(
        {"/": lambda: page().view()}, address=HERE, port=port, show=False, start=False,
        title="eventsim tune", verbose=False,
    )  # fmt: skip
    server.start()
    address = f"http://{HERE}:{server.port}/"
    tell(address)
    if show:
        server.io_loop.add_callback(server.show, "/")
    try:
        server.io_loop.start()
    finally:
        server.stop()
