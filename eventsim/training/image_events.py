"""Events made of images on the fly, as a dataset of PyTorch: nothing is on disk."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from eventsim.camera import SETTINGS, choose_camera
from eventsim.errors import ConfigError
from eventsim.events import Events, Representation, SensorSize
from eventsim.motion.from_settings import make_motion_settings, moved_image
from eventsim.pixel.settings import CARD_NOISE
from eventsim.planes.i2e import i2e, i2e_events, i2e_packed
from eventsim.planes.settings import make_i2e_settings
from eventsim.random import Draws
from eventsim.representations.event_frames import EventFrames
from eventsim.simulator import simulate_source
from eventsim.stills.resizing import StillFit
from eventsim.training.checks import check_called
from eventsim.training.epochs import epoch_seed, sample_seed
from eventsim.training.samples import Images, Samples
from eventsim.training.shared_epoch import SharedEpoch
from eventsim.transforms.changing import Transform

Method = Literal["i2e", "saccade"]
Augment = Callable[[NDArray[Any], int], NDArray[Any]]


class ImageEvents(Dataset[tuple[Any, int]]):
    """Events of still images, new ones in every epoch.

    A sample is a function of (seed, epoch, index): the same for any number of loader workers and
    in any order.

    Parameters
    ----------
    images, split, size, fit
        As in `eventsim.training.samples.Samples`: a path, or any dataset of images.
    method : {"i2e", "saccade"}
        Eight planes at once, or an image moved in front of a camera.
    seed : int
    augment : callable, optional
        ``augment(values, seed) -> values``, before the conversion; it gets a number that is another
        one for every sample and epoch. With several workers it must be a function of a module.
    bins : int
        Number of event frames of equal duration, for ``saccade``.
    packed : bool
        For ``i2e``: eight pixels per byte, so that an eighth of the memory goes from the workers to
        the loader; `eventsim.training.unpack_planes` unpacks them, on the device.
    as_events : bool
        Return `Events` instead of a tensor; then pass ``collate_fn=list`` to the loader.
    sensor, noise : str
        Camera of ``saccade``, see `eventsim.camera.choose_camera`.
    transform, to : optional
        Of the events of ``saccade``, as in `EventWindows`; `to` takes the place of event frames.
        Planes of ``i2e`` have no times: augment their images.
    **settings
        For ``i2e`` those of `eventsim.i2e` (directions are random by default); for ``saccade``
        fields of `eventsim.motion.settings.MotionSettings`, and settings of a camera
        (`eventsim.camera.SETTINGS`).

    Raises
    ------
    ConfigError
        For a wrong setting, and for images that cannot be put into one batch.

    Examples
    --------
    >>> images = [(np.arange(36, dtype=np.uint8).reshape(6, 6), 3)]
    >>> planes, label = ImageEvents(images, ratio=0.1)[0]
    >>> planes.shape, planes.dtype, label
    (torch.Size([8, 2, 6, 6]), torch.uint8, 3)
    """

    def __init__(  # noqa: PLR0913 - what an epoch of training needs, in one place
        self,
        images: Images,
        *,
        method: Method = "i2e",
        split: str = "",
        size: tuple[int, int] | None = None,
        fit: StillFit = "stretch",
        seed: int = 0,
        augment: Augment | None = None,
        bins: int = 10,
        packed: bool = False,
        as_events: bool = False,
        sensor: str | None = None,
        noise: str | None = None,
        transform: Transform | None = None,
        to: Representation | None = None,
        **settings: Any,
    ) -> None:
        if method not in get_args(Method):
            raise ConfigError(f"method must be one of {get_args(Method)}, found {method!r}.")
        if method == "i2e" and (sensor or noise):
            raise ConfigError("sensor and noise belong to the method saccade; i2e has no camera.")
        if method == "i2e" and (transform is not None or to is not None):
            raise ConfigError(
                "transform and to are for the events of saccade; the planes of i2e have no times. "
                "Augment the images: augment=..."
            )
        check_called(transform=transform, to=to)
        if packed and (method != "i2e" or as_events):
            raise ConfigError("packed is for the planes of i2e, found another method or as_events.")
        if bins < 1:
            raise ConfigError(f"bins must be 1 or more, found {bins}.")
        self.method, self.seed, self.bins, self.as_events = method, seed, bins, as_events
        self._samples = Samples(
            images, split=split, size=size if method == "i2e" else None, fit=fit
        )
        self.packed = packed
        self._augment = augment
        self._transform, self._to = transform, to
        self._size = size
        if method == "i2e":
            self._i2e = make_i2e_settings(**{"directions": "random", **settings})
        else:
            motion, pixel = _sorted_settings(settings)
            self._motion = make_motion_settings(motion)
            self._camera = choose_camera(sensor or "davis346", noise or CARD_NOISE, pixel)
        self._epoch = SharedEpoch()

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, if the images have some."""
        return self._samples.classes

    @property
    def epoch(self) -> int:
        """Present epoch."""
        return self._epoch.number

    def set_epoch(self, epoch: int) -> None:
        """Begin an epoch: other directions, paths and noise. Workers that live on see it too."""
        self._epoch.begin(epoch)

    def __len__(self) -> int:
        """Count the images."""
        return len(self._samples)

    def __getitem__(self, index: int) -> tuple[Any, int]:
        """Events of an image in the present epoch.

        Returns
        -------
        events : (8, 2, H, W) tensor of uint8, (bins, 2, H, W) tensor of float32, or Events
            Packed planes end with ceil(W / 8). Index 1 of the second axis is ON. Bytes are a
            quarter of the memory that goes from the workers to the loop: make numbers of them
            there, with ``planes.float()``.
        label : int
            -1 if there is none.
        """
        return self.__getitems__([index])[0]

    def __getitems__(self, indices: list[int]) -> list[tuple[Any, int]]:
        """Samples of a batch, as the loader asks for them: planes are made together."""
        read = [self._read(index) for index in indices]
        labels = [label for _, label in read]
        if self.method == "saccade":
            drawn = [sample_seed(self.seed, self.epoch, index) for index in indices]
            made = [
                self._moved(values, seed, Draws.of(self.seed, self.epoch, index))
                for (values, _), seed, index in zip(read, drawn, indices, strict=True)
            ]
            return list(zip(made, labels, strict=True))
        return list(zip(self._planes([values for values, _ in read], indices), labels, strict=True))

    def _read(self, index: int) -> tuple[NDArray[Any], int]:
        """Read an image and its label, and augment it."""
        if not 0 <= index < len(self):
            raise IndexError(f"sample {index} does not exist; there are {len(self)}, from 0.")
        values, label = self._samples.read(index)
        if self._augment is not None:
            values = self._augment(values, sample_seed(self.seed, self.epoch, index))
        return values, label

    def _planes(self, images: list[NDArray[Any]], indices: list[int]) -> Sequence[Any] | Tensor:
        seed = epoch_seed(self.seed, self.epoch)
        if len({(values.shape, values.dtype) for values in images}) > 1:  # gray and color, say
            pairs = zip(images, indices, strict=True)
            return [self._planes([values], [index])[0] for values, index in pairs]
        batch = np.stack(images)
        batch = batch[:, None] if batch.ndim == 3 else batch.transpose(0, 3, 1, 2)
        # One thread: a forked worker must not touch the threads of its parent.
        if self.as_events:
            return i2e_events(batch, self._i2e, seed=seed, samples=indices, threads=1)
        if self.packed:
            bits = i2e_packed(batch, self._i2e, seed=seed, samples=indices, threads=1)
            return torch.from_numpy(bits)
        chosen = self._i2e.model_dump()
        return torch.from_numpy(i2e(batch, **chosen, seed=seed, samples=indices, threads=1))

    def _moved(self, values: NDArray[Any], seed: int, rng: Draws) -> Tensor | Events:
        height, width = values.shape[:2]
        size = self._size or self._camera.size or SensorSize(width, height)
        source = moved_image(values, self._motion, size=size, seed=seed)
        packets = simulate_source(source, self._camera, seed=seed, threads=1)
        events = Events.concatenate([packet.events for packet in packets], source.size)
        if self._transform is not None:
            events = self._transform(events, rng.child(0))
        if self.as_events:
            return events
        start, end = int(source.path.t_us[0]), int(source.path.t_us[-1]) + 1
        to = EventFrames(self.bins) if self._to is None else self._to
        return torch.from_numpy(to(events, start, end))


class IndexedImages(Dataset[tuple[Tensor, int, int]]):
    """Images with their labels and numbers, for a conversion of whole batches on the device.

    ``I2E(...)(images, samples, epoch)`` of such a batch gives what `ImageEvents` gives one by one.

    Parameters
    ----------
    images, split, size, fit
        As in `eventsim.training.samples.Samples`.

    Examples
    --------
    >>> image, label, index = IndexedImages([(np.zeros((6, 5), np.uint8), 3)])[0]
    >>> image.shape, image.dtype, label, index
    (torch.Size([1, 6, 5]), torch.uint8, 3, 0)
    """

    def __init__(
        self,
        images: Images,
        *,
        split: str = "",
        size: tuple[int, int] | None = None,
        fit: StillFit = "stretch",
    ) -> None:
        self._samples = Samples(images, split=split, size=size, fit=fit)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, if the images have some."""
        return self._samples.classes

    def __len__(self) -> int:
        """Count the images."""
        return len(self._samples)

    def __getitem__(self, index: int) -> tuple[Tensor, int, int]:
        """Image (C, H, W), its label and its number."""
        if not 0 <= index < len(self):
            raise IndexError(f"sample {index} does not exist; there are {len(self)}, from 0.")
        values, label = self._samples.read(index)
        values = channels_first(values)
        if values.dtype == np.uint16:  # PyTorch hardly knows it; as float32 it is exact
            values = values.astype(np.float32)
        return torch.from_numpy(np.array(values)), label, index


def channels_first(values: NDArray[Any]) -> NDArray[Any]:
    """(1, H, W) or (3, H, W) of (H, W) or (H, W, 3)."""
    return values[None] if values.ndim == 2 else values.transpose(2, 0, 1)


def _sorted_settings(settings: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Tell the settings of the motion from those of the pixel."""
    pixel = {name: settings[name] for name in settings if name in SETTINGS}
    return {name: settings[name] for name in settings if name not in pixel}, pixel
