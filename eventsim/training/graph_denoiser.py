"""The graph denoiser as a torch module, to train; at work it is `eventsim.denoise.GraphFilter`."""

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from eventsim.denoise.graph_kernels import EDGE, HEADS, NEIGHBORS, NODE, WIDTH


class Neighborhoods(NamedTuple):
    """What the network is told of some events.

    Attributes
    ----------
    edges : (N, 16, 5) Tensor
        Of the event's neighbors; `eventsim.denoise.graph_kernels` says what an edge tells.
    found : (N,) Tensor of int
        How many there are.
    nodes : (N, 7) Tensor
    far_edges : (N, 16, 16, 5) Tensor
        Of the neighbors' neighbors.
    far_found : (N, 16) Tensor of int
    far_nodes : (N, 16, 7) Tensor
        Of the neighbors.
    """

    edges: Tensor
    found: Tensor
    nodes: Tensor
    far_edges: Tensor
    far_found: Tensor
    far_nodes: Tensor


class GraphDenoiser(nn.Module):
    """Message passing over the events' neighborhoods, then attention, as in [1]_, made small.

    The equations stand in `eventsim.denoise.graph_kernels`; [1]_ does not state its sizes, these
    were chosen so that a core does a third of a million events a second.

    References
    ----------
    .. [1] Y. Alkendi et al., "Neuromorphic camera denoising using graph neural network-driven
       transformers", IEEE Trans. Neural Networks and Learning Systems 35(3), 2024.
    """

    def __init__(self) -> None:
        super().__init__()
        self.message = nn.Linear(EDGE, WIDTH)
        self.update = nn.Linear(2 * WIDTH + NODE, WIDTH)
        self.reply = nn.Linear(EDGE + WIDTH, WIDTH)
        self.query = nn.Linear(WIDTH, HEADS * WIDTH)
        self.tail = nn.Linear((HEADS + 1) * WIDTH + NODE, WIDTH)
        self.head = nn.Linear(WIDTH, 1)

    def forward(self, seen: Neighborhoods) -> Tensor:
        """Logits, (N,): above 0 is signal."""
        near = self.state(seen.edges, seen.found, seen.nodes)
        far = self.state(seen.far_edges, seen.far_found, seen.far_nodes)
        reply = torch.relu(self.reply(torch.cat([seen.edges, far], -1)))
        query = self.query(near).unflatten(-1, (HEADS, WIDTH))
        logits = torch.einsum("nha,nka->nhk", query, reply)
        there = _there(seen.found)
        share = torch.softmax(logits.masked_fill(~there[:, None], -1e9), -1)
        share = share * there[:, None]  # without a neighbor there is nothing to attend to
        out = torch.einsum("nhk,nka->nha", share, reply).flatten(-2)
        tail = torch.relu(self.tail(torch.cat([out, near, seen.nodes], -1)))
        logit: Tensor = self.head(tail)[..., 0]
        return logit

    def state(self, edges: Tensor, found: Tensor, nodes: Tensor) -> Tensor:
        """State of each event, (..., 16), of its own neighbors alone."""
        message = torch.relu(self.message(edges)) * _there(found)[..., None]
        pooled = [message.sum(-2) / NEIGHBORS, message.amax(-2), nodes]
        return torch.relu(self.update(torch.cat(pooled, -1)))

    def weights(self) -> dict[str, NDArray[Any]]:
        """Numbers for `eventsim.denoise.GraphFilter`, by name, float32; matrices are (in, out)."""
        found: dict[str, NDArray[Any]] = {}
        for name, layer in self.named_children():
            assert isinstance(layer, nn.Linear)  # noqa: S101
            found[f"{name}_w"] = np.ascontiguousarray(layer.weight.detach().numpy().T)
            found[f"{name}_b"] = layer.bias.detach().numpy().copy()
        return found


def _there(found: Tensor) -> Tensor:
    """(..., 16) bool: which neighbors there are; the latest come first."""
    return torch.arange(NEIGHBORS, device=found.device) < found[..., None]
