import pytest
import snntorch
import torch
from torch.nn.functional import cross_entropy

from eventsim.errors import ConfigError
from eventsim.training.activity import measure_activity
from eventsim.training.ms_resnet import BLOCKS, LeakyOverTime, MembraneBlock, MSResNet


def test_neurons_follow_their_formula():
    # u = .6, .9, 1.05 (spike, back to 0), .4, 1.5 (spike), .6
    current = torch.tensor([0.6, 0.6, 0.6, 0.4, 1.3, 0.6]).reshape(1, 6, 1)
    assert LeakyOverTime()(current).flatten().tolist() == [0, 0, 1, 0, 1, 0]


def test_gradient_of_a_spike_is_that_of_an_arctangent():
    current = torch.tensor([[[0.5]]], requires_grad=True)
    LeakyOverTime()(current).sum().backward()
    # alpha / 2 / (1 + (pi / 2 alpha (u - 1))^2), alpha = 2
    expected = 1 / (1 + (torch.pi * -0.5) ** 2)
    assert current.grad.item() == pytest.approx(expected, rel=1e-5)


def test_a_membrane_forgets_what_another_batch_left():
    neurons, current = LeakyOverTime(), torch.full((2, 3, 4), 0.7)
    assert torch.equal(neurons(current), neurons(current))


def test_a_shortcut_adds_currents():
    block = MembraneBlock(3, 3, 1).eval()
    torch.nn.init.zeros_(block.body[3].layers[1].weight)
    current = torch.randn(2, 4, 3, 6, 6)
    assert torch.equal(block(current), current)


def test_parameters_are_those_of_a_resnet18_of_two_channels():
    # 11,689,512 of torchvision's resnet18, with 1,000 classes and 3 channels.
    expected = 11_689_512 - 7 * 7 * 64 - 513 * 1000 + 513 * 10
    net = MSResNet(10, BLOCKS["ms-resnet18"])
    assert sum(p.numel() for p in net.parameters()) == expected
    net = MSResNet(1000, BLOCKS["ms-resnet34"])
    assert sum(p.numel() for p in net.parameters()) == 21_797_672 - 7 * 7 * 64


def test_it_learns_which_side_events_are_on():
    torch.manual_seed(0)
    events = torch.zeros(32, 4, 2, 16, 16)
    labels = torch.arange(32) % 2
    for k, label in enumerate(labels):
        events[k, :, :, :, 8 * int(label) : 8 * int(label) + 8] = torch.rand(4, 2, 16, 8) < 0.3
    net = MSResNet(2, (1, 1), (8, 16))
    optimizer = torch.optim.AdamW(net.parameters(), 1e-2)
    for _ in range(15):
        optimizer.zero_grad()
        cross_entropy(net(events), labels).backward()
        optimizer.step()
    assert (net(events).argmax(1) == labels).float().mean() > 0.9
    assert measure_activity(net, events, (snntorch.Leaky,)).spikes > 0


def test_stages_need_channels():
    with pytest.raises(ConfigError, match="each of 4 stages, found 2"):
        MSResNet(10, (2, 2, 2, 2), (8, 16))
