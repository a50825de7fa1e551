"""One way to anonymize, held against all attackers, and what it costs the task."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.events import Events
from eventsim.pipeline.anonymizer import Keyed, Method, use_of
from eventsim.privacy.clips import Clip, changed, halves
from eventsim.privacy.decoders import Decoder, best_likeness, integrated
from eventsim.privacy.recognizers import Labels, accuracy, linkage, separation
from eventsim.privacy.sensors import sensor_accuracy
from eventsim.privacy.views import Array, centered, movements, planes, rate_map
from eventsim.transforms import MaskBoxes, ReplaceBoxes
from eventsim.transforms.keyed.event_key import EventKey


@dataclass(frozen=True)
class Way:
    """A way to anonymize, as it stands in a report.

    Attributes
    ----------
    family : str
        Name of the method, shared by its strengths.
    methods : tuple of Method
        One after the other; none is the raw recording.
    shares_key : bool
        All recordings have one key, which eventsim never does.
    """

    family: str
    methods: tuple[Method, ...]
    shares_key: bool = False

    @property
    def words(self) -> str:
        """The methods, as they are written on the command line."""
        return " + ".join(map(repr, self.methods)) or "raw"

    @property
    def is_keyed(self) -> bool:
        """Whether a key undoes it."""
        return any(isinstance(method, Keyed) for method in self.methods)


@dataclass(frozen=True)
class Measured:
    """What attackers get, and what the task keeps; shares and SSIM from 0 to 1.

    Attributes
    ----------
    likeness_plain, likeness_naive, likeness_adaptive : float
        SSIM in the box of the best picture: by leaky integrators; by decoders that learned from
        raw recordings; by decoders that learned from anonymized ones with their truths.
    person_naive, person_adaptive : float
        Share of people recognized, by who learned from raw, and from anonymized recordings.
    attribute_naive, attribute_adaptive : float
        Area under the curve of a detector of glasses or the like; nan if there is none.
    linkage : float
        Share of clips whose most similar other clip is of the same person.
    sensor : float
        Share of clips whose sensor is told.
    rates : float
        Correlation of the rates of the pixels in the box with those of the raw recording.
    task_naive, task_adaptive : float
        Accuracy of the task, learned from raw, and from anonymized recordings.
    events : float
        Share of the number of events that is left.
    """

    likeness_plain: float
    likeness_naive: float
    likeness_adaptive: float
    person_naive: float
    person_adaptive: float
    attribute_naive: float
    attribute_adaptive: float
    linkage: float
    sensor: float
    rates: float
    task_naive: float
    task_adaptive: float
    events: float


@dataclass(frozen=True)
class Shown:
    """What attackers see of one clip, beside what there was to see.

    Attributes
    ----------
    truth, events, plain, naive, adaptive : (H, W) ndarray
        `events` is the sum of the signs of the last 100 ms.
    """

    truth: NDArray[Any]
    events: NDArray[Any]
    plain: NDArray[Any]
    naive: NDArray[Any]
    adaptive: NDArray[Any]


class Bench:
    """Clips, and attackers who have learned from them as they are.

    Parameters
    ----------
    clips : sequence of Clip
        Some to learn from, some to test with.
    seed : int
        Of keys, and of what is random in methods.
    """

    def __init__(self, clips: Sequence[Clip], seed: int) -> None:
        self.clips, self.seed = list(clips), seed
        self._raw = _seen(self.clips)
        self._decoder = Decoder.learned(self._raw.train, self._raw.clips)
        self._looks = looks(self._decoder, self._raw.train)
        self._rates = [rate_map(clip.events) for clip in self._raw.tests]

    def measure(self, way: Way, show: int = 0) -> tuple[Measured, Shown]:
        """Anonymize all clips, let attackers learn and try, and see what the task keeps.

        Parameters
        ----------
        way : Way
        show : int
            The test clip that is shown.
        """
        raw = self._raw
        seen = _seen(changed(self.clips, lambda clip, number: self.anonymized(way, clip, number)))
        decoder = Decoder.learned(seen.train, seen.clips)
        mine, theirs = looks(decoder, seen.train), looks(decoder, seen.test)
        naive = looks(self._decoder, seen.test)
        people = _labels(seen.clips, "person"), _labels(seen.tests, "person")
        marks = _labels(seen.clips, "attribute"), _labels(seen.tests, "attribute")
        tasks = _labels(seen.clips, "task"), _labels(seen.tests, "task")
        has_marks = all(len(np.unique(labels)) == 2 for labels in marks)
        plain = integrated(seen.test)
        by_raw, by_own = self._decoder.pictures(seen.test), decoder.pictures(seen.test)
        left = sum(len(c.events) for c in (*seen.clips, *seen.tests))
        measured = Measured(
            likeness_plain=best_likeness(plain, seen.tests),
            likeness_naive=best_likeness(by_raw, seen.tests),
            likeness_adaptive=best_likeness(by_own, seen.tests),
            person_naive=accuracy(self._looks, people[0], naive, people[1]),
            person_adaptive=accuracy(mine, people[0], theirs, people[1]),
            attribute_naive=(
                separation(self._looks, marks[0], naive, marks[1]) if has_marks else np.nan
            ),
            attribute_adaptive=(
                separation(mine, marks[0], theirs, marks[1]) if has_marks else np.nan
            ),
            linkage=linkage(theirs[1], people[1]),
            sensor=sensor_accuracy(seen.clips, seen.tests),
            rates=self._same_rates(seen.tests),
            task_naive=accuracy([raw.movements], tasks[0], [seen.test_movements], tasks[1]),
            task_adaptive=accuracy([seen.movements], tasks[0], [seen.test_movements], tasks[1]),
            events=left / max(1, sum(len(clip.events) for clip in self.clips)),
        )
        best = [int(np.argmax([best_likeness([k], seen.tests) for k in kinds]))
                for kinds in (plain, by_raw, by_own)]  # fmt: skip
        pictures = [kinds[k][show] for kinds, k in zip((plain, by_raw, by_own), best, strict=True)]
        clip = seen.tests[show]
        last = clip.events.window(clip.duration_us - 100_000, clip.duration_us + 1)
        signs = rate_map(last[last.p]) - rate_map(last[~last.p])
        return measured, Shown(clip.truth, signs, *pictures)

    def anonymized(self, way: Way, clip: Clip, number: int) -> Events:
        """Events of a clip as a way gives them, with a key of their own."""
        secret = self.seed.to_bytes(32, "little")
        key = EventKey.of(secret, "00" * 16, 0, 0 if way.shares_key else number)
        events = clip.events
        for place, method in enumerate(way.methods):
            child = key.child(use_of(place, method))
            if isinstance(method, Keyed):
                events = method(events, child)
                continue
            if isinstance(method, MaskBoxes | ReplaceBoxes) and not method.boxes:
                method = replace(method, boxes=clip.track)
            events = method(events, child.draws())
        return events.window(0, clip.duration_us + 1)

    def _same_rates(self, tests: Sequence[Clip]) -> float:
        found = []
        for clip, raw in zip(tests, self._rates, strict=True):
            x0, y0, x1, y1 = clip.box
            now, before = rate_map(clip.events)[y0:y1, x0:x1], raw[y0:y1, x0:x1]
            if min(now.std(), before.std()) > 0:
                found.append(np.corrcoef(now.ravel(), before.ravel())[0, 1])
            else:
                found.append(0.0)
        return float(np.mean(found))


@dataclass(frozen=True)
class _Seen:
    """Clips as attackers look at them."""

    clips: list[Clip]
    tests: list[Clip]
    train: Array
    test: Array
    movements: NDArray[np.float64]
    test_movements: NDArray[np.float64]


def _seen(clips: Sequence[Clip]) -> _Seen:
    train, test = halves(clips)
    return _Seen(
        train,
        test,
        np.array([planes(clip) for clip in train]),
        np.array([planes(clip) for clip in test]),
        movements(train)[:, None],
        movements(test)[:, None],
    )


def looks(decoder: Decoder, seen: Array) -> list[Array]:
    """(N, M, 1200) float32 twice: pictures of each moment, put in the middle in two ways.

    The decoded picture, the leaky sum and the outline. The middle is that of the events, or of the
    outline, whichever a method leaves.

    Parameters
    ----------
    decoder : Decoder
    seen : (N, M, C, H, W) ndarray of float32
    """
    n, moments = seen.shape[:2]
    flat = seen.reshape(n * moments, *seen.shape[2:])
    rates = flat[:, -1]
    outline = (rates > 0).astype(np.float32)
    pictures = (decoder.from_patches(flat), flat[:, 1], outline)
    views = []
    for weights in (rates**4, outline):
        rows = []
        for picture in pictures:
            row = centered(picture, weights).reshape(n, moments, -1)
            row = row - row.mean(axis=-1, keepdims=True)
            rows.append(row / np.maximum(row.std(axis=-1, keepdims=True), 1e-6))
        views.append(np.concatenate(rows, axis=-1))
    return views


def _labels(clips: Sequence[Clip], name: str) -> Labels:
    return np.array([getattr(clip, name) for clip in clips], np.int64)
