"""Operations by hand: which inputs reach which outputs."""

import pytest
import torch
from torch import nn

from eventsim.training.activity import measure_activity


def test_a_linear_layer_passes_each_input_to_all_outputs():
    x = torch.tensor([[0.0, 2.0, 0.0, -1.0], [0.0, 0.0, 0.0, 1.0]])
    activity = measure_activity(nn.Linear(4, 7), x)
    assert activity.synaptic_operations == 7 * (2 + 1) / 2
    assert activity.multiply_accumulates == 28
    assert activity.spikes == 0


@pytest.mark.parametrize(("place", "windows"), [((0, 0), 4), ((1, 1), 9), ((0, 2), 6)])
def test_a_convolution_passes_an_input_to_the_windows_that_hold_it(place, windows):
    x = torch.zeros(1, 2, 5, 5)
    x[0, 1][place] = 3.0
    activity = measure_activity(nn.Conv2d(2, 6, 3, padding=1), x)
    assert activity.synaptic_operations == 6 * windows
    # Along one axis, 5 windows hold 2 + 3 + 3 + 3 + 2 = 13 pixels.
    assert activity.multiply_accumulates == 2 * 6 * 13 * 13


def test_groups_strides_and_time():
    x = torch.ones(1, 4, 3, 6)
    layer = nn.Conv2d(4, 8, (1, 2), stride=(1, 2), groups=2)
    assert measure_activity(layer, x).synaptic_operations == 8 * 2 * 3 * 6  # each seen once
    volume = torch.zeros(1, 1, 4, 3, 3)
    volume[0, 0, 0, 1, 1] = 1
    causal = nn.Sequential(nn.ConstantPad3d((0, 0, 0, 0, 2, 0), 0.0), nn.Conv3d(1, 1, (3, 1, 1)))
    assert measure_activity(causal, volume).synaptic_operations == 3


class Spiking(nn.Module):
    def forward(self, x):
        return (x > 1).float(), x


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.neuron, self.drop, self.last = Spiking(), nn.Dropout(0.9), nn.Linear(3, 2)

    def forward(self, x):
        return self.last(self.drop(self.neuron(x)[0]))


def test_spikes_are_counted_and_only_they_go_on():
    net = Net().train()
    x = torch.tensor([[2.0, 0.5, 3.0], [0.0, 5.0, 0.0]])
    activity = measure_activity(net, x, (Spiking,))
    assert (activity.spikes, activity.synaptic_operations) == (1.5, 3.0)  # without dropout
    assert net.training
    assert not net.last._forward_hooks
