"""The graph denoiser: message passing over neighborhoods, then attention, learned."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventsim.denoise import graph_kernels as kernels
from eventsim.denoise.filter import Memory, check_number, denoised, quiet_planes
from eventsim.denoise.weights import load_weights
from eventsim.events import Events, SensorSize
from eventsim.random import Draws

_WIDTH, _EDGE, _NODE, _HEADS = kernels.WIDTH, kernels.EDGE, kernels.NODE, kernels.HEADS
_SHAPES = {
    "message_w": (_EDGE, _WIDTH),
    "message_b": (_WIDTH,),
    "update_w": (2 * _WIDTH + _NODE, _WIDTH),
    "update_b": (_WIDTH,),
    "reply_w": (_EDGE + _WIDTH, _WIDTH),
    "reply_b": (_WIDTH,),
    "query_w": (_WIDTH, _HEADS * _WIDTH),
    "query_b": (_HEADS * _WIDTH,),
    "tail_w": ((_HEADS + 1) * _WIDTH + _NODE, _WIDTH),
    "tail_b": (_WIDTH,),
    "head_w": (_WIDTH, 1),
    "head_b": (1,),
}


@dataclass(frozen=True)
class GraphFilter:
    """A graph network looks at the latest 16 events around, and at what those saw around them.

    Each event is a node. It gathers messages of its neighbors, the latest events of 7 x 7 pixels of
    the last second, into a state; then it attends to its neighbors' states, which hold their own
    neighborhoods. Nodes also know how busy their pixel is and the pixels beside it, which tells hot
    ones. The equations stand in `eventsim.denoise.graph_kernels`. The score is the output before
    the sigmoid.

    Attributes
    ----------
    probability : float
        Events are kept that are signal with at least this probability, in a stream with as much
        signal as noise.
    weights : str
        File (.npz) of `train_denoiser.py`; "" is what is shipped, trained on simulated streams of
        random scenes, sensors and lights.

    References
    ----------
    .. [1] Y. Alkendi et al., "Neuromorphic camera denoising using graph neural network-driven
       transformers", IEEE Trans. Neural Networks and Learning Systems 35(3), 2024: the idea, whose
       sizes are not published.
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
        """Time, polarity, count and state of the last event of each pixel."""
        last_us = quiet_planes(1, size, kernels.RADIUS)[0]
        return {
            "last_us": last_us,
            "last_sign": np.zeros(last_us.shape, np.float32),
            "counts": np.zeros(last_us.shape),
            "states": np.zeros((*last_us.shape, _WIDTH), np.float32),
        }

    def scores(self, events: Events, memory: Memory) -> NDArray[np.float64]:
        """Logits."""
        scores = np.empty(len(events))
        kernels.find_scores(
            _planes(memory), memory["states"], _room(), _weights(self.weights), events.t, events.x,
            events.y, events.p, scores,
        )  # fmt: skip
        return scores

    def __call__(self, events: Events, rng: Draws | None = None) -> Events:
        """Keep the signal of a whole stream."""
        return denoised(self, events)


def neighborhoods(
    events: Events,
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
    """What the network is told of each event of a whole stream, for training.

    Returns
    -------
    neighbors : (N, 16) ndarray of int64
        Numbers of events, the latest first; -1 where there are fewer.
    edges : (N, 16, 5) ndarray of float32
    nodes : (N, 7) ndarray of float32
    found : (N,) ndarray of int64
        How many neighbors there are.
    """
    n = len(events)
    memory = GraphFilter().memory(events.size)
    neighbors = np.full((n, kernels.NEIGHBORS), -1, np.int64)
    edges = np.zeros((n, kernels.NEIGHBORS, _EDGE), np.float32)
    nodes, found = np.zeros((n, _NODE), np.float32), np.zeros(n, np.int64)
    kernels.find_neighbors(
        _planes(memory), _room()[:2], events.t, events.x, events.y, events.p,
        np.zeros(memory["last_us"].shape, np.int64), neighbors, edges, nodes, found,
    )  # fmt: skip
    return neighbors, edges, nodes, found


def _planes(memory: Memory) -> tuple[NDArray[Any], ...]:
    return memory["last_us"], memory["last_sign"], memory["counts"]


def _room() -> tuple[NDArray[Any], ...]:
    """Room for the numbers of one event, as the kernels unpack it."""
    k, a = kernels.NEIGHBORS, _WIDTH
    shapes = ((k, _EDGE), (_NODE,), (k, a), (k,), (a,), (a,), (a,), (_HEADS * a,), (_HEADS * a,),
              (a,))  # fmt: skip
    return np.empty(k), np.empty(k, np.int64), *(np.empty(s, np.float32) for s in shapes)


def _weights(path: str) -> tuple[Any, ...]:
    file = Path(path) if path else Path(__file__).with_name("graph.npz")
    *rest, head_w, head_b = load_weights(file, _SHAPES)
    return *rest, head_w[:, 0].copy(), head_b[0]
