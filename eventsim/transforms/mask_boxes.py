"""People cut out, where somebody said they are."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

from eventsim.events import Events
from eventsim.random import Draws
from eventsim.transforms.boxes import Box, as_rows, boxes_of, given_boxes, in_boxes
from eventsim.transforms.changing import kept
from eventsim.transforms.ranges import check_number


@dataclass(frozen=True)
class MaskBoxes:
    """Drop all events in boxes that are given over time, such as by a detector of faces.

    Attributes
    ----------
    boxes : path or sequence of (t_us, x0, y0, x1, y1)
        A CSV or JSON file, or the boxes; see `eventsim.transforms.boxes.read_boxes`. They are not
        printed: where people were is nobody's business.
    margin : float
        Share of its sides that a box is enlarged by on each. 0.1 to 0.2 is usual.
    hold_us : float
        A box counts so long before its time and after it, over frames in which the detector saw
        nobody. 100 ms are three frames of 30 per second; chosen by eye.
    """

    boxes: tuple[Box, ...] = field(repr=False)
    margin: float = 0.15
    hold_us: float = 100_000

    leaves: ClassVar[str] = (
        "everybody whom the boxes miss, and where the boxes are: holes move as people do."
    )

    def __post_init__(self) -> None:
        check_number("margin", self.margin, 0, 10)
        check_number("hold_us", self.hold_us, 0, 1e12)
        object.__setattr__(self, "boxes", given_boxes(self.boxes))

    def for_recording(self, name: str) -> "MaskBoxes":
        """The same with the boxes of one recording, by its id, and those of all."""
        return replace(self, boxes=boxes_of(self.boxes, name))

    def __call__(self, events: Events, rng: Draws) -> Events:
        """Drop events."""
        rows = as_rows(self.boxes)
        return kept(events, ~in_boxes(events, rows, self.margin, self.hold_us))
