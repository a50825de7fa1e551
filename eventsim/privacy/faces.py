"""Faces that move before the simulated camera."""

from collections import deque
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage import data, transform

from eventsim.motion.moved_image import MovedImage
from eventsim.motion.paths import EyePath
from eventsim.privacy.clips import Clip, as_shown
from eventsim.random import Draws
from eventsim.simulator import simulate
from eventsim.transforms.boxes import Box

SIZE_PX = 64
"""Of the sensor, each side; chosen by eye."""
FACE_PX = 38
"""Side of a face on it; chosen by eye."""
DURATION_US = 400_000
"""Of a clip; chosen by eye."""
GESTURES = ("nod", "shake", "circle", "counter-circle", "tilt", "approach")
"""What faces do: the task that must go on working."""
THRESHOLD = 0.3
"""Of the pixels, natural log: about 30,000 events per clip; chosen by eye."""
MISMATCH = 0.06
"""Standard deviation of the thresholds over the pixels, more than the cards have (0.035 at most),
so that a sensor can be told; chosen by eye."""
_NODES = 41
_BOX_US = 40_000
"""How often a detector would say where the face is: 25 times per second."""
_GRAY = 0.35
"""Gray behind a face, as on a screen; chosen by eye."""
_ASTRONAUT = (slice(0, 200), slice(130, 330))
"""Rows and columns of the face of the astronaut, of 512 x 512."""


def package_faces(count: int = 12) -> NDArray[np.float64]:
    """Faces that scikit-image ships: Eileen Collins, and crops of Labeled Faces in the Wild.

    Parameters
    ----------
    count : int
        From 2 to 101.

    Returns
    -------
    (count, 25, 25) ndarray of float64
        Gray as on a screen, 1 is white.
    """
    astronaut = data.astronaut()[_ASTRONAUT].mean(axis=2) / 255
    first = transform.resize(astronaut, (25, 25), anti_aliasing=True)
    # The first hundred of the two hundred are faces.
    return np.concatenate([first[None], data.lfw_subset()[: count - 1]])


def record(
    faces: NDArray[np.float64], *, sessions: int, test_sessions: int, seed: int
) -> list[Clip]:
    """Each face before the camera, making each gesture, with and without glasses, a few times.

    A session has a light, a speed, a size of movement and a place of its own, and one of two
    sensors, by chance.

    Parameters
    ----------
    faces : (K, h, w) ndarray of float64
    sessions, test_sessions : int
        Of each face to learn from, and to test with; each is one clip.
    seed : int

    Returns
    -------
    list of Clip
    """
    clips = []
    for person, face in enumerate(faces):
        for session in range(sessions + test_sessions):
            rng = Draws.of(seed, person, session)
            # Gestures are as frequent for every face; glasses and sensor have to do with nothing.
            turn = session if session < sessions else session - sessions
            facts = {
                "person": person,
                "task": (turn + person) % len(GESTURES),
                "attribute": rng.integer(6, 0, 1),
                "sensor": rng.integer(0, 0, 1),
                "is_test": session >= sessions,
            }
            clips.append(_clip(face, facts, seed, rng))
    return clips


def _clip(face: NDArray[np.float64], facts: dict[str, Any], seed: int, rng: Draws) -> Clip:
    canvas = _canvas(face, bool(facts["attribute"]), rng)
    path = _gesture(facts["task"], rng.child(1))
    picture = np.round(canvas * 65535).astype(np.uint16)
    source = MovedImage(picture, path, size=(SIZE_PX, SIZE_PX), scale=1.0)
    last = deque(source, maxlen=1)[0].values
    device = 1000 * seed + facts["sensor"]
    events = simulate(
        source,
        sensor="davis346",
        noise="v2e-clean",
        seed=device,
        device_seed=device,
        threads=1,
        photoreceptor_cutoff_hz=0,  # thresholds alone, so that many clips are made in seconds
        refractory_period_us=0,
        threshold_mismatch=MISMATCH,
        contrast_threshold_on=THRESHOLD,
        contrast_threshold_off=THRESHOLD,
    )
    track = tuple(Box(t_us, *_box(path, t_us)) for t_us in range(0, DURATION_US + 1, _BOX_US))
    return Clip(
        events=events,
        duration_us=DURATION_US,
        track=track,
        truth=as_shown(np.asarray(last) / 255),
        box=_box(path, DURATION_US),
        **facts,
    )


def _canvas(face: NDArray[np.float64], glasses: bool, rng: Draws) -> NDArray[np.float64]:
    """(64, 64) float64: a face on gray, its border soft, in a light of its own; as on a screen.

    Glasses and light were drawn by eye.
    """
    side = FACE_PX
    picture = transform.resize(face, (side, side), anti_aliasing=False)
    if glasses:
        rows, columns = np.mgrid[:side, :side] / side
        for middle in (0.31, 0.69):
            ring = np.hypot((columns - middle) / 0.17, (rows - 0.40) / 0.12)
            picture[(ring > 0.75) & (ring < 1.1)] = 0.05
        picture[(abs(rows - 0.38) < 0.02) & (abs(columns - 0.5) < 0.06)] = 0.05
    picture = np.clip(rng.between(2, (0.6, 1.0)) * picture ** rng.between(3, (0.8, 1.25)), 0, 1)
    y, x = (np.mgrid[:side, :side] + 0.5) / side * 2 - 1
    alpha = np.clip((1.0 - np.hypot(x / 0.9, y)) / 0.15, 0, 1)
    canvas = np.full((SIZE_PX, SIZE_PX), _GRAY)
    top = (SIZE_PX - side) // 2
    inside = (slice(top, top + side), slice(top, top + side))
    canvas[inside] = alpha * picture + (1 - alpha) * canvas[inside]
    return 0.02 + 0.98 * canvas


def _gesture(task: int, rng: Draws) -> EyePath:
    """A path of the face: two or so turns of a gesture, from any phase; sizes chosen by eye."""
    t = np.linspace(0, DURATION_US, _NODES).astype(np.int64)
    turns, size = rng.between(0, (1.5, 2.5)), rng.between(1, (3.0, 6.0))
    phase = rng.between(2, (0.0, 2 * np.pi)) + 2 * np.pi * turns * t / DURATION_US
    x = np.full(_NODES, rng.between(3, (-4.0, 4.0)))
    y = np.full(_NODES, rng.between(4, (-4.0, 4.0)))
    rotation, zoom = np.full(_NODES, rng.between(5, (-0.1, 0.1))), np.ones(_NODES)
    name = GESTURES[task]
    if name in ("shake", "circle", "counter-circle"):
        x += size * np.cos(phase if name != "counter-circle" else -phase)
    if name in ("nod", "circle", "counter-circle"):
        y += size * np.sin(phase if name != "counter-circle" else -phase)
    if name == "tilt":
        rotation += 0.06 * size * np.sin(phase)
    if name == "approach":
        zoom += 0.03 * size * np.sin(phase)
    return EyePath.of(t, x, y, rotation, zoom)


def _box(path: EyePath, t_us: int) -> tuple[int, int, int, int]:
    """Where the face is at a time."""
    x, y, _, zoom = path.at([t_us])[0].tolist()
    half = 0.5 * FACE_PX * zoom
    middle_x, middle_y = SIZE_PX / 2 + x, SIZE_PX / 2 + y
    corners = (middle_x - half, middle_y - half, middle_x + half, middle_y + half)
    x0, y0, x1, y1 = (int(np.clip(round(corner), 0, SIZE_PX)) for corner in corners)
    return x0, y0, x1, y1
