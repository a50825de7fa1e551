"""The spiking residual network on which I2E's authors train.

References
----------
.. [1] Y. Hu, L. Deng, Y. Wu, M. Yao, G. Li, "Advancing Spiking Neural Networks towards Deep
   Residual Learning", arXiv:2112.08954: shortcuts that add up membrane currents, not spikes.
.. [2] R. Ma, L. Meng, G. Qiao, N. Ning, Y. Liu, S. Hu, "I2E: Real-Time Image-to-Event Conversion
   for High-Performance Spiking Neural Networks", AAAI 2026, doi:10.1609/aaai.v40i3.37179.
"""

from collections.abc import Sequence
from typing import Any

import snntorch
import torch
from torch import Tensor, nn

from eventsim.errors import ConfigError

DECAY = 0.5
"""A membrane halves in each step: tau = 2 steps [2]_."""
BLOCKS = {"ms-resnet18": (2, 2, 2, 2), "ms-resnet34": (3, 4, 6, 3)}
"""Residual blocks of each stage, as of the networks without spikes that bear these numbers."""
CHANNELS = (64, 128, 256, 512)


class LeakyOverTime(nn.Module):
    """Leaky integrate-and-fire neurons over all time steps: (B, T, ...) currents to spikes.

    Notes
    -----
    ``u <- u / 2 + current``; where u passes 1 there is a spike, and u begins at 0 again. The
    gradient of a spike is that of an arctangent; none goes through the reset.
    """

    def __init__(self) -> None:
        super().__init__()
        self.neuron: Any = snntorch.Leaky(
            DECAY, reset_mechanism="zero", spike_grad=snntorch.surrogate.atan()
        )

    def forward(self, current: Tensor) -> Tensor:
        """Spikes, of the shape of the currents."""
        membrane, fired = self.neuron.reset_mem(), []
        for now in current.unbind(1):
            spikes, membrane = self.neuron(now, membrane)
            fired.append(spikes)
        return torch.stack(fired, 1)


class _EachStep(nn.Module):
    """Layers without memory: all time steps at once, as one batch."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        each: Tensor = self.layers(x.flatten(0, 1))
        return each.reshape(*x.shape[:2], *each.shape[1:])


def _convolution(inputs: int, outputs: int, size: int, stride: int) -> _EachStep:
    convolution = nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)
    return _EachStep(convolution, nn.BatchNorm2d(outputs))


class MembraneBlock(nn.Module):
    """Twice spikes, convolution and norm, added to the current that came in."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            LeakyOverTime(),
            _convolution(inputs, outputs, 3, stride),
            LeakyOverTime(),
            _convolution(outputs, outputs, 3, 1),
        )
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else _convolution(inputs, outputs, 1, stride)

    def forward(self, current: Tensor) -> Tensor:
        """Currents (B, T, C, H, W) to currents."""
        added: Tensor = self.body(current) + self.shortcut(current)
        return added


class MSResNet(nn.Module):
    """Membrane-shortcut residual network; (B, T, 2, H, W) events to (B, classes) scores.

    Parameters
    ----------
    classes : int
    blocks : sequence of int
        Residual blocks of each stage, such as a value of `BLOCKS`.
    channels : sequence of int
        Of each stage; every one but the first halves both sides of the image.

    Raises
    ------
    ConfigError
        If there are not as many numbers of channels as of blocks.

    Notes
    -----
    A convolution of 7x7 and a maximum over 3x3, both of stride 2, come first; a mean over the
    image, neurons and a linear layer, whose scores are averaged over time, last [2]_.
    """

    def __init__(
        self, classes: int, blocks: Sequence[int], channels: Sequence[int] = CHANNELS
    ) -> None:
        super().__init__()
        if len(blocks) != len(channels) or not blocks:
            raise ConfigError(
                f"expected a number of channels for each of {len(blocks)} stages, found "
                f"{len(channels)}."
            )
        stages: list[nn.Module] = [
            _convolution(2, channels[0], 7, 2),
            _EachStep(nn.MaxPool2d(3, 2, 1)),
        ]
        inputs = channels[0]
        for number, (count, outputs) in enumerate(zip(blocks, channels, strict=True)):
            for k in range(count):
                stages.append(MembraneBlock(inputs, outputs, 2 if number and not k else 1))
                inputs = outputs
        stages += [_EachStep(nn.AdaptiveAvgPool2d(1), nn.Flatten()), LeakyOverTime()]
        self.stages = nn.Sequential(*stages)
        self.readout = nn.Linear(inputs, classes)

    def forward(self, events: Tensor) -> Tensor:
        """Scores of the classes, means over the time steps."""
        scores: Tensor = self.readout(self.stages(events)).mean(1)
        return scores
