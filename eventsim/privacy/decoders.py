"""Attackers who make pictures of events."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

from eventsim.privacy.clips import Clip
from eventsim.privacy.views import TAUS_US, Array

PATCH_PX = 7
"""Side of the neighborhood that a decoder looks at; chosen by eye."""
_PIXELS = 300
"""Of each clip that a decoder learns from; chosen by eye."""
_RIDGE = 1e-2
"""Of the variance; chosen by eye."""
_WHOLE_RIDGE = 0.1
"""Of the mean square; chosen by eye."""
_CONTRAST = 0.5
"""Logarithm of light for a unit of the root of a leaky sum; chosen by eye."""
_SMALLEST_PX = 7
"""Side of the window of SSIM (Wang et al., IEEE TIP 2004, as scikit-image has it)."""
_BATCH = 32


@dataclass(frozen=True)
class Decoder:
    """A picture of events by two maps that are linear: of the neighborhood, and of the whole.

    The first can be had from any data. The second knows whom it has seen: it answers with a
    mixture of the pictures that it learned, and undoes an order of pixels that stays.

    Attributes
    ----------
    kernel : (1, C, 7, 7) tensor
    bias : float
    scale : (D,) ndarray of float32
        Of the numbers of a whole clip.
    known : (N, D) ndarray of float32
        Clips learned.
    duals : (N, H W) ndarray of float64
        Their weights.
    middle : (H, W) ndarray of float64
        Mean of the pictures learned.
    """

    kernel: torch.Tensor
    bias: float
    scale: Array
    known: Array
    duals: NDArray[np.float64]
    middle: NDArray[np.float64]

    @classmethod
    def learned(cls, seen: Array, clips: Sequence[Clip], seed: int = 0) -> "Decoder":
        """A decoder that has learned from clips with their truths.

        Parameters
        ----------
        seen : (N, M, C, H, W) ndarray of float32
            `views.planes` of the clips.
        clips : sequence of Clip
        seed : int
            Of the pixels that are looked at.
        """
        last = seen[:, -1]
        inputs, target = _samples(last, clips, seed)
        scale = np.maximum(inputs.std(axis=0), 1e-6)
        inputs = np.column_stack([inputs / scale, np.ones(len(inputs), np.float32)])
        square = (inputs.T @ inputs / len(inputs)).astype(np.float64)
        square[np.diag_indices_from(square)] += _RIDGE
        weights = np.linalg.solve(square, inputs.T @ target / len(inputs))
        shape = (1, last.shape[1], PATCH_PX, PATCH_PX)
        kernel = torch.from_numpy((weights[:-1] / scale).reshape(shape).astype(np.float32))
        flat = last.reshape(len(last), -1)
        whole = np.maximum(flat.std(axis=0), 0.1)
        known = flat / whole
        truths = np.array([clip.truth for clip in clips])
        alike = (known @ known.T / known.shape[1]).astype(np.float64)
        alike[np.diag_indices_from(alike)] += _WHOLE_RIDGE
        middle = truths.mean(axis=0)
        duals = np.linalg.solve(alike, (truths - middle).reshape(len(clips), -1))
        return cls(kernel, float(weights[-1]), whole, known, duals, middle)

    def from_patches(self, seen: Array) -> Array:
        """(N, H, W) float32: pictures, pixel by pixel from what is around it.

        Parameters
        ----------
        seen : (N, C, H, W) ndarray of float32
        """
        made = np.empty((len(seen), *seen.shape[2:]), np.float32)
        with torch.no_grad():
            for first in range(0, len(seen), _BATCH):
                batch = torch.from_numpy(np.ascontiguousarray(seen[first : first + _BATCH]))
                planes = torch.nn.functional.conv2d(batch, self.kernel, padding=PATCH_PX // 2)
                made[first : first + _BATCH] = planes[:, 0].numpy()
        return made + np.float32(self.bias)

    def from_whole(self, seen: Array) -> Array:
        """(N, H, W) float32: pictures, each from all that is seen of a clip."""
        flat = seen.reshape(len(seen), -1) / self.scale
        weights = flat @ self.known.T / self.known.shape[1]
        changes = (weights @ self.duals).reshape(len(seen), *self.middle.shape)
        pictures: Array = (self.middle + changes).astype(np.float32)
        return pictures

    def pictures(self, seen: Array) -> list[Array]:
        """Both, of the ends of clips: (N, H, W) float32 each, of (N, M, C, H, W)."""
        return [self.from_patches(seen[:, -1]), self.from_whole(seen[:, -1])]


def integrated(seen: Array) -> list[Array]:
    """Pictures by leaky integrators, one for each time constant: nothing is learned."""
    return [np.exp(_CONTRAST * seen[:, -1, k]) for k in range(len(TAUS_US))]


def likeness(picture: Array, clip: Clip) -> float:
    """SSIM with the truth inside of the box, after light and contrast were fitted to the truth.

    Only inside, as a background that is even would be alike whatever the attacker does. The fit
    favors the attacker; nan if the box is smaller than the window of SSIM.
    """
    x0, y0, x1, y1 = clip.box
    truth, made = clip.truth[y0:y1, x0:x1], picture[y0:y1, x0:x1].astype(np.float64)
    if min(truth.shape) < _SMALLEST_PX:
        return float("nan")
    spread, gain = made.std(), 0.0
    if spread > 1e-9:
        gain = float(((made - made.mean()) * (truth - truth.mean())).mean() / spread**2)
    # A picture with its light upside down is none: the gain stays above 0.
    fitted = truth.mean() + max(gain, 0.0) * (made - made.mean())
    return float(structural_similarity(truth, fitted, data_range=1.0))


def best_likeness(kinds: Sequence[Array], clips: Sequence[Clip]) -> float:
    """Mean SSIM over clips, of the kind of picture that has the highest.

    Parameters
    ----------
    kinds : sequence of (N, H, W) ndarray
    clips : sequence of N Clip
    """
    return max(
        float(np.nanmean([likeness(p, clip) for p, clip in zip(kind, clips, strict=True)]))
        for kind in kinds
    )


def _samples(last: Array, clips: Sequence[Clip], seed: int) -> tuple[Array, NDArray[np.float64]]:
    """Neighborhoods of pixels in the boxes, and what is to be seen there."""
    rng = np.random.default_rng(seed)
    reach = PATCH_PX // 2
    wide = np.pad(last, ((0, 0), (0, 0), (reach, reach), (reach, reach)))
    views = np.lib.stride_tricks.sliding_window_view(wide, (PATCH_PX, PATCH_PX), axis=(2, 3))
    inputs, targets = [], []
    for view, clip in zip(views, clips, strict=True):
        x0, y0, x1, y1 = clip.box
        rows, columns = rng.integers(y0, y1, _PIXELS), rng.integers(x0, x1, _PIXELS)
        picked = view[:, rows, columns].transpose(1, 0, 2, 3)
        inputs.append(picked.reshape(_PIXELS, -1))
        targets.append(clip.truth[rows, columns])
    return np.concatenate(inputs), np.concatenate(targets)
