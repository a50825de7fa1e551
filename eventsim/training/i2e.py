"""I2E as a PyTorch module: a batch of images to event planes, on any device.

The same bits as `eventsim.i2e`, from plain tensor operations.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from eventsim.errors import ConfigError
from eventsim.planes.directions import PLANES, Directions, draw_choices, neighbor_pairs
from eventsim.planes.settings import Padding, make_i2e_settings
from eventsim.training.epochs import epoch_seed


class I2E(nn.Module):
    """Turn a batch of images into eight planes of events.

    Parameters
    ----------
    ratio, rate, directions, order, padding
        As in `eventsim.i2e`.
    seed : int
        Of random directions.

    Notes
    -----
    With random directions a result is a function of (seed, epoch, sample) and not of the batch,
    so pass the numbers of the samples. Without them the module counts: ``next_sample`` is a
    buffer, and goes on from where a checkpoint left it.

    Nothing is differentiable: a threshold has no gradient.

    Examples
    --------
    >>> import numpy as np
    >>> import eventsim
    >>> images = torch.arange(2 * 3 * 6 * 5, dtype=torch.uint8).reshape(2, 3, 6, 5)
    >>> planes = I2E(ratio=0.1)(images)
    >>> planes.shape, bool((planes.numpy() == eventsim.i2e(images.numpy(), 0.1)).all())
    (torch.Size([2, 8, 2, 6, 5]), True)
    """

    next_sample: Tensor

    def __init__(
        self,
        ratio: float = 0.12,
        *,
        rate: float | None = None,
        directions: Directions = "default",
        order: int = 4,
        padding: Padding = "replicate",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.settings = make_i2e_settings(
            ratio=ratio, rate=rate, directions=directions, order=order, padding=padding
        )
        self.seed = seed
        self.register_buffer("next_sample", torch.zeros((), dtype=torch.int64))

    def extra_repr(self) -> str:
        """Settings, for ``print(model)``."""
        return f"{self.settings}, seed={self.seed}"

    @torch.no_grad()
    def forward(self, images: Tensor, samples: Tensor | None = None, epoch: int = 0) -> Tensor:
        """Event planes of a batch.

        Parameters
        ----------
        images : (B, 3, H, W), (B, 1, H, W) or (B, H, W) tensor of uint8 or float
            On any device and any scale. float64 and float16 are compared as float32.
        samples : (B,) tensor of integer, optional
            Numbers of the samples in the dataset; used by random directions alone.
        epoch : int
            Other directions in every epoch.

        Returns
        -------
        (B, 8, 2, H, W) tensor
            0 and 1, index 1 of the third axis is ON; uint8 for uint8 images, else float32.

        Raises
        ------
        ConfigError
            For images of another shape or type, or values that are not finite.
        """
        value = value_plane(images)
        n, height, width = value.shape
        least = self._least(value)
        pairs = self._pairs(n, samples, epoch).to(value.device)
        shifted = neighbors(value, self.settings.padding)
        batch = torch.arange(n, device=value.device)
        dtype = torch.uint8 if images.dtype == torch.uint8 else torch.float32
        out = torch.empty((n, PLANES, 2, height, width), dtype=dtype, device=value.device)
        differences = [
            shifted[batch, pairs[:, k, 1]] - shifted[batch, pairs[:, k, 0]] for k in range(PLANES)
        ]
        if least is None:
            least = self._least_for_rate(torch.stack(differences, 1))
            least = least * (value.amax((1, 2)) > value.amin((1, 2)))  # a flat image has none
        threshold = least[:, None, None]
        some = threshold > 0
        for k, difference in enumerate(differences):
            out[:, k, 1] = (difference >= threshold) & some
            out[:, k, 0] = (-difference >= threshold) & some
        return out

    def _pairs(self, n: int, samples: Tensor | None, epoch: int) -> Tensor:
        """Neighbors to compare, from the numbers of the samples; drawn on the host."""
        if samples is None:
            first = int(self.next_sample) if self.settings.directions == "random" else 0
            samples = torch.arange(first, first + n)
            self.next_sample += n
        elif samples.shape != (n,):
            raise ConfigError(
                f"samples must be {n} integers, one per image, found {tuple(samples.shape)}."
            )
        seed = epoch_seed(self.seed, epoch)
        choices = draw_choices(self.settings.directions, seed, samples.cpu().numpy())
        return torch.from_numpy(neighbor_pairs(choices, self.settings.order).astype("int64"))

    def _least(self, value: Tensor) -> Tensor | None:
        """Smallest difference of each image that counts, or None where a rate is wanted."""
        if self.settings.rate is not None:
            return None
        span = value.amax((1, 2)) - value.amin((1, 2))
        if value.dtype == torch.int16:
            # In float64, as the kernel does, so that 0.12 of 225 is 27 and not a hair more.
            return torch.ceil(self.settings.ratio * span.double()).to(torch.int16)
        return torch.tensor(self.settings.ratio, dtype=torch.float32, device=span.device) * span

    def _least_for_rate(self, differences: Tensor) -> Tensor:
        """Smallest difference that leaves each image no more ones than wanted."""
        n, _, height, width = differences.shape
        most = self.settings.most_ones(height, width)
        size = differences[0].numel()
        if most >= size:
            allowed = differences.new_zeros(n)
        else:
            ordered = differences.abs().reshape(n, -1).sort(dim=1).values
            allowed = ordered[:, size - 1 - most]
        if differences.dtype == torch.int16:
            return allowed + 1
        return torch.nextafter(allowed, torch.full_like(allowed, torch.inf))


def value_plane(images: Tensor) -> Tensor:
    """Maximum over the channels, in a type whose differences are exact or rounded once.

    Parameters
    ----------
    images : as in `I2E`

    Returns
    -------
    (B, H, W) tensor of int16 (for uint8) or float32

    Raises
    ------
    ConfigError
        As `I2E`.
    """
    if images.ndim == 3:
        images = images[:, None]
    if images.ndim != 4 or images.shape[1] not in (1, 3) or 0 in images.shape[2:]:
        raise ConfigError(
            f"images must be (B, 3, H, W), (B, 1, H, W) or (B, H, W), found {tuple(images.shape)}."
        )
    if images.dtype == torch.uint8:
        return images.amax(1).to(torch.int16)
    if not images.is_floating_point():
        raise ConfigError(f"images must be uint8 or float, found {images.dtype}. Convert them.")
    if not bool(torch.isfinite(images).all()):
        raise ConfigError("images must hold finite numbers, found NaN or inf. Replace them.")
    return images.to(torch.float32).amax(1)


def neighbors(value: Tensor, padding: Padding) -> Tensor:
    """All nine neighbors of each pixel.

    Parameters
    ----------
    value : (B, H, W) tensor
    padding : {"replicate", "reflect", "zero"}

    Returns
    -------
    (B, 9, H, W) tensor
        In the order of a 3x3 window, row by row.
    """
    height, width = value.shape[1:]
    rows = torch.arange(-1, height + 1, device=value.device)
    columns = torch.arange(-1, width + 1, device=value.device)
    if padding == "zero":
        padded = F.pad(value, (1, 1, 1, 1))
    else:
        padded = value[:, _inside(rows, height, padding)][:, :, _inside(columns, width, padding)]
    return torch.stack(
        [padded[:, dy : dy + height, dx : dx + width] for dy in range(3) for dx in range(3)], 1
    )


def _inside(index: Tensor, length: int, padding: Padding) -> Tensor:
    """Where a row or column that may lie one outside is taken from."""
    if padding == "replicate" or length == 1:
        return index.clamp(0, length - 1)
    mirrored = torch.where(index < 0, -index, index)
    return torch.where(mirrored >= length, 2 * (length - 1) - mirrored, mirrored)
