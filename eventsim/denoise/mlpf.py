"""The multilayer perceptron filter: 2,001 numbers, learned from the simulator's labels."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eventsim.denoise import mlpf_kernels as kernels
from eventsim.denoise.filter import Memory, check_number, denoised, quiet_planes
from eventsim.denoise.weights import load_weights
from eventsim.events import Events, SensorSize
from eventsim.random import Draws

WINDOW_US = 100_000.0
"""Age that counts nothing any more, [1]_; the weights were trained with it."""


@dataclass(frozen=True)
class MLPF:
    """A small network looks at the ages and polarities of 7 x 7 pixels around an event.

    The inputs are ``max(0, 1 - age / 100 ms)`` of each pixel's last event, and whether its polarity
    is the event's own, 1 or -1, or 0 if it is too old; in the middle the event's polarity itself.
    98 inputs, 20 hidden (ReLU), 1 output. The score is the output before the sigmoid.

    Attributes
    ----------
    probability : float
        Events are kept that are signal with at least this probability, in a stream with as much
        signal as noise.
    weights : str
        File (.npz) of `train_denoiser.py`; "" is what is shipped, trained on simulated streams of
        random scenes, sensors and lights.

    Notes
    -----
    Reference [1]_ gives polarities as they are. Relative to the event's, a network learns once what
    holds for both, and tells a little more: AUC .965 against .964 on held-out streams of an early
    training.

    References
    ----------
    .. [1] S. Guo and T. Delbruck, "Low cost and latency event camera background activity
       denoising", IEEE Trans. Pattern Analysis and Machine Intelligence 45(1), 2023.
    """

    probability: float = 0.5
    weights: str = ""

    def __post_init__(self) -> None:
        check_number("probability", self.probability, 1e-6, 1 - 1e-6)

    @property
    def threshold(self) -> float:
        """The logit of the probability."""
        return float(np.log(self.probability / (1 - self.probability)))

    def memory(self, size: SensorSize) -> Memory:
        """Last time and polarity of each pixel."""
        last_us = quiet_planes(1, size, kernels.RADIUS)[0]
        return {"last_us": last_us, "last_sign": np.zeros(last_us.shape, np.float32)}

    def scores(self, events: Events, memory: Memory) -> NDArray[np.float64]:
        """Logits."""
        scores = np.empty(len(events))
        kernels.find_scores(
            WINDOW_US, _weights(self.weights), memory["last_us"], memory["last_sign"],
            np.empty(2 * kernels.PATCH + kernels.HIDDEN, np.float32), events.t, events.x, events.y,
            events.p, scores,
        )  # fmt: skip
        return scores

    def __call__(self, events: Events, rng: Draws | None = None) -> Events:
        """Keep the signal of a whole stream."""
        return denoised(self, events)


def mlpf_inputs(events: Events) -> NDArray[np.float32]:
    """(N, 98) float32: what the network is told of each event of a whole stream, for training."""
    last_us = quiet_planes(1, events.size, kernels.RADIUS)[0]
    inputs = np.empty((len(events), 2 * kernels.PATCH), np.float32)
    kernels.fill_inputs(
        WINDOW_US, last_us, np.zeros(last_us.shape, np.float32), events.t, events.x, events.y,
        events.p, inputs,
    )  # fmt: skip
    return inputs


def _weights(
    path: str,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], np.float32]:
    shapes = {
        "hidden_w": (2 * kernels.PATCH, kernels.HIDDEN),
        "hidden_b": (kernels.HIDDEN,),
        "head_w": (kernels.HIDDEN, 1),
        "head_b": (1,),
    }
    file = Path(path) if path else Path(__file__).with_name("mlpf.npz")
    w1, b1, w2, b2 = load_weights(file, shapes)
    return w1, b1, w2[:, 0].copy(), b2[0]
