"""How events leave the sensor: one frozen value, and the stages it asks for."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, Protocol

from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from eventsim.events import Packet, SensorSize
from eventsim.readout.clock import Clock


class PacketStage(Protocol):
    """What packets go through on their way from the pixels to the user, with what it holds back.

    It changes events, holds them back or drops them, and keeps the promises of packets: what comes
    out is sorted, and each packet later than the one before.
    """

    def push(self, packet: Packet) -> Packet:
        """What comes out when a packet goes in; no event before a frame comes after it."""

    def end(self) -> Packet:
        """What it still holds back when the last packet has gone in."""

    def save(self) -> dict[str, NDArray[Any]]:
        """Everything needed to go on later or elsewhere, as arrays by name."""

    def restore(self, saved: dict[str, NDArray[Any]]) -> None:
        """Go on from what `save` gave."""


class Readout(BaseModel):
    """How events leave the sensor.

    Notes
    -----
    A new field is a setting of `eventsim.simulate`, of the command line, of sensor cards and of
    datasets; its stage has a line in `stages`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    timestamp_resolution_us: int = Field(
        1,
        ge=1,
        le=1_000_000,
        description="Times of events are rounded up to multiples of this; 1 = as they are.",
        json_schema_extra={"unit": "us"},
    )

    readout_model: Literal["ideal", "atis", "row-latch"] = Field(
        "ideal",
        description="How events leave the sensor: ideal, each at its moment; atis, with crosstalk "
        "along rows, one bus for all, and second reads; row-latch, a row at a time with one time "
        "for all of its events, as in a DAVIS.",
        json_schema_extra={"unit": ""},
    )

    def stages(self, size: SensorSize, seed: int) -> tuple[PacketStage, ...]:
        """Through what packets go, in this order; `seed` is that of the recording."""
        stages: list[PacketStage] = []
        if self.readout_model == "atis":
            # Its kernels are compiled only where they are needed.
            from eventsim.readout.atis import AtisReadout

            stages.append(AtisReadout(size, seed))
        elif self.readout_model == "row-latch":
            from eventsim.readout.row_latch import RowLatch

            stages.append(RowLatch(size, seed))
        if self.timestamp_resolution_us > 1:
            stages.append(Clock(size, self.timestamp_resolution_us))
        return tuple(stages)


def last_packets(stages: Sequence[PacketStage]) -> Iterator[Packet]:
    """What stages hold back when the last packet has gone through them, in order."""
    for k, stage in enumerate(stages):
        packet = stage.end()
        for later in stages[k + 1 :]:
            packet = later.push(packet)
        if len(packet.events) or packet.frame_t_us.size:
            yield packet
