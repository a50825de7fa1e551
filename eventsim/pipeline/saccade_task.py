"""A part of still images that move in front of a sensor: what a worker runs."""

from dataclasses import dataclass
from pathlib import Path

from eventsim.camera import Camera
from eventsim.errors import SourceError
from eventsim.events import SensorSize
from eventsim.motion.from_settings import MotionSettings, moved_image
from eventsim.pipeline.fingerprints import drawn_notes
from eventsim.pipeline.image_task import ImageRange, PlacedImage, read_images
from eventsim.pipeline.plans import Step
from eventsim.pipeline.reasons import reason_of
from eventsim.pipeline.video_plan import check_pixels
from eventsim.random import recording_seed
from eventsim.simulator import simulate_source
from eventsim.stills.labeled_images import LabeledImage
from eventsim.store.writer import PartWriter


@dataclass(frozen=True)
class SaccadeTask:
    """Everything a worker needs to write one part; can be pickled.

    Attributes
    ----------
    out : Path
    part : int
    ranges : tuple of ImageRange
    motion : MotionSettings
    camera : Camera
    size : SensorSize or None
        Of the sensor; None is that of each image.
    seed : int
        Of the run; each image gets its own from this and its place.
    threads : int or None
        Of the pixel kernels.
    run : str
        From `eventsim.store.attempts.begin_run`.
    strict : bool
        Raise what is wrong with an input, in place of writing it down.
    """

    out: Path
    part: int
    ranges: tuple[ImageRange, ...]
    motion: MotionSettings
    camera: Camera
    size: SensorSize | None
    seed: int
    threads: int | None = None
    run: str = ""
    strict: bool = False

    @property
    def name(self) -> str:
        """Of its first input."""
        return self.ranges[0].input.path

    @property
    def inputs(self) -> tuple[str, ...]:
        """None: images are counted."""
        return ()

    def convert(self, step: Step | None = None) -> tuple[int, int]:
        """Convert the images and commit the part.

        An image that cannot be converted is written down with its reason and stops nothing.

        Parameters
        ----------
        step : callable, optional
            For a progress bar.

        Returns
        -------
        images : int
            Looked at.
        events : int
            Written.

        Raises
        ------
        StoreError
            If the part cannot be written.
        """
        writer = PartWriter(self.out, self.part, self.run)
        images = events = 0
        for placed in read_images(self.ranges, self.out):
            if placed.image is None:
                self._fail(writer, placed, placed.reason)
                made = 0
            else:
                made = self._convert_image(writer, placed, placed.image)
            images, events = images + 1, events + made
            if step:
                step(1, made, placed.source)
        writer.commit()
        return images, events

    def _convert_image(self, writer: PartWriter, placed: PlacedImage, image: LabeledImage) -> int:
        seed = recording_seed(self.seed, placed.index)
        try:
            source = moved_image(image.values, self.motion, size=self.size, seed=seed)
            check_pixels(source.size, placed.source)
        except Exception as error:
            self._fail(writer, placed, reason_of(error))
            return 0
        writer.begin_recording(
            size=source.size,
            source=placed.source,
            seed=seed,
            sample=placed.index,
            label=image.label,
            split=image.split,
            group=placed.group,
        )
        events = 0
        packets = simulate_source(source, self.camera, seed=seed, threads=self.threads)
        while True:
            try:
                packet = next(packets, None)
            except Exception as error:
                self._fail(writer, placed, reason_of(error))
                return 0
            if packet is None:
                break
            writer.write(packet)
            events += len(packet.events)
        path = source.path
        writer.end_recording(
            notes=[*image.notes, *source.notes, *drawn_notes(self.camera, seed)],
            path=(path.t_us, path.x_px, path.y_px, path.rotation_rad, path.zoom),
        )
        return events

    def _fail(self, writer: PartWriter, placed: PlacedImage, reason: str) -> None:
        if self.strict:
            raise SourceError(f"{placed.source} failed: {reason}")
        writer.fail_recording(reason, source=placed.source, sample=placed.index)
