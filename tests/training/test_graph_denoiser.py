"""The torch module, and the compiled network that has its weights."""

import numpy as np
import torch

from eventsim.denoise import Denoiser, GraphFilter
from eventsim.denoise.graph import neighborhoods
from eventsim.scenes.poisson import poisson_noise
from eventsim.training.graph_denoiser import GraphDenoiser, Neighborhoods


def seen(events):
    neighbors, edges, nodes, found = neighborhoods(events)
    far = np.maximum(neighbors, 0)
    arrays = (edges, found, nodes, edges[far], found[far], nodes[far])
    return Neighborhoods(*map(torch.from_numpy, arrays))


def test_the_compiled_network_is_the_module(tmp_path):
    torch.manual_seed(3)
    net = GraphDenoiser()
    np.savez(tmp_path / "weights.npz", **net.weights())
    events = poisson_noise(20.0, size=(20, 15), seconds=0.5, seed=2)
    how = GraphFilter(weights=str(tmp_path / "weights.npz"))
    with torch.no_grad():
        expected = net(seen(events)).numpy()
    assert np.ptp(expected) > 0.02
    assert np.allclose(Denoiser(how, events.size).scores(events), expected, atol=2e-5)


def test_it_is_small_and_learns():
    torch.manual_seed(0)
    net = GraphDenoiser()
    count = sum(weight.numel() for weight in net.parameters())
    assert count == sum(array.size for array in net.weights().values())
    assert count < 5000
    # Which events have had an event of their own pixel just before?
    events = poisson_noise(20.0, size=(10, 8), seconds=1.0, seed=4)
    told = seen(events)
    wanted = (told.nodes[:, 1] > 0.6).float()
    optimizer = torch.optim.Adam(net.parameters(), 0.01)
    losses = []
    for _ in range(60):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(net(told), wanted)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
