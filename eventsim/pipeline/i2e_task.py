"""A part of still images that become planes of events: what a worker runs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eventsim.errors import SourceError
from eventsim.events import SensorSize
from eventsim.pipeline.image_task import ImageRange, PlacedImage, read_images
from eventsim.pipeline.plans import Step
from eventsim.planes.i2e import i2e_packed
from eventsim.planes.settings import I2ESettings
from eventsim.stills.resizing import StillFit, resize_image
from eventsim.store.planes import PlanesWriter, SampleInfo

BATCH_IMAGES = 64
"""Images that are converted at once; chosen by eye."""


@dataclass(frozen=True)
class I2ETask:
    """Everything a worker needs to write one part; can be pickled.

    Attributes
    ----------
    out : Path
    part : int
    ranges : tuple of ImageRange
    settings : I2ESettings
    size : SensorSize
        Of all planes.
    fit : {"stretch", "crop"}
        How images of another size are brought to it.
    size_was_asked : bool
        Whether the user chose the size; if not, an image that is resized gets a note.
    seed : int
        Of the run.
    threads : int or None
    run : str
        From `eventsim.store.attempts.begin_run`.
    strict : bool
        Raise what is wrong with an input, in place of writing it down.
    """

    out: Path
    part: int
    ranges: tuple[ImageRange, ...]
    settings: I2ESettings
    size: SensorSize
    fit: StillFit
    size_was_asked: bool
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

        An image that cannot be read is written down with its reason and stops nothing.

        Parameters
        ----------
        step : callable, optional
            For a progress bar.

        Returns
        -------
        images : int
            Looked at.
        ones : int
            Written.

        Raises
        ------
        StoreError
            If the part cannot be written.
        """
        writer = PlanesWriter(self.out, self.part, self.size, self.run)
        images = ones = 0
        for batch in _batches(read_images(self.ranges, self.out)):
            written = self._convert_batch(writer, batch)
            images, ones = images + len(batch), ones + written
            if step:
                step(len(batch), written, batch[-1].source)
        writer.commit()
        return images, ones

    def _convert_batch(self, writer: PlanesWriter, batch: list[PlacedImage]) -> int:
        arrays: list[NDArray[np.generic]] = []
        infos: list[SampleInfo] = []
        ones = 0
        for placed in batch:
            if placed.image is None:
                if self.strict:
                    raise SourceError(f"{placed.source} failed: {placed.reason}")
                writer.fail(placed.reason, source=placed.source, sample=placed.index)
                continue
            values, notes = self._resized(placed)
            # Gray and color, 8 and 16 bits are converted apart.
            if arrays and (values.dtype, values.ndim) != (arrays[0].dtype, arrays[0].ndim):
                ones += self._write(writer, arrays, infos)
                arrays, infos = [], []
            arrays.append(values)
            infos.append(
                SampleInfo(
                    source=placed.source,
                    seed=self.seed,
                    sample=placed.index,
                    label=placed.image.label,
                    split=placed.image.split,
                    group=placed.group,
                    notes=notes,
                )
            )
        return ones + (self._write(writer, arrays, infos) if arrays else 0)

    def _resized(self, placed: PlacedImage) -> tuple[NDArray[np.generic], tuple[str, ...]]:
        """Bring an image to the size of all, and say so if nobody asked for it."""
        if placed.image is None:
            raise ValueError(placed.reason)
        values, notes = placed.image.values, placed.image.notes
        found = SensorSize(values.shape[1], values.shape[0])
        if found == self.size:
            return values, notes
        if not self.size_was_asked:
            notes = (*notes, f"it was brought from {found} to {self.size}, as the first image")
        return resize_image(values, self.size, fit=self.fit), notes

    def _write(
        self, writer: PlanesWriter, arrays: list[NDArray[np.generic]], infos: list[SampleInfo]
    ) -> int:
        images = np.stack(arrays)
        if images.ndim == 4:
            images = images.transpose(0, 3, 1, 2)
        samples = np.array([info.sample for info in infos], np.int64)
        packed = i2e_packed(
            images, self.settings, seed=self.seed, samples=samples, threads=self.threads
        )
        return writer.write(packed, infos)


def _batches(images: Iterable[PlacedImage]) -> Iterator[list[PlacedImage]]:
    batch: list[PlacedImage] = []
    for image in images:
        batch.append(image)
        if len(batch) == BATCH_IMAGES:
            yield batch
            batch = []
    if batch:
        yield batch
