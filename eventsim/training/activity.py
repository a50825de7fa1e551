"""How much a spiking network does for one answer: its spikes, and the synapses that they pass."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import conv1d, conv2d, conv3d

_CONVOLUTIONS: dict[type[nn.Module], Any] = {
    nn.Conv1d: conv1d,
    nn.Conv2d: conv2d,
    nn.Conv3d: conv3d,
}


@dataclass(frozen=True)
class Activity:
    """What a network did for one input, in the mean over a batch.

    Attributes
    ----------
    spikes : float
        Of all neurons.
    synaptic_operations : float
        Synapses that something other than zero came through: an addition each, where what came
        is a spike.
    multiply_accumulates : float
        Synapses in all: what the same network does if zeros are not left out.
    """

    spikes: float
    synaptic_operations: float
    multiply_accumulates: float


@torch.no_grad()
def measure_activity(
    net: nn.Module, inputs: Tensor, neurons: tuple[type[nn.Module], ...] = ()
) -> Activity:
    """Run a batch through a network, and count.

    Parameters
    ----------
    net : nn.Module
        Its convolutions and linear layers are counted.
    inputs : (B, ...) tensor
    neurons : tuple of type
        Modules that return spikes, or a tuple that begins with them, such as ``snntorch.Leaky``.

    Returns
    -------
    Activity

    Notes
    -----
    A convolution of an input x makes ``sum(conv(x != 0, 1))`` synaptic operations, with ones in
    place of its weights; with ones in place of the input, too, its multiply-accumulates. Biases
    and the arithmetic inside the neurons are not counted. Energies follow from these by a price
    for each operation, which depends on the chip.

    Examples
    --------
    >>> activity = measure_activity(nn.Linear(3, 5), torch.tensor([[0.0, 1.0, 1.0]]))
    >>> activity.synaptic_operations, activity.multiply_accumulates
    (10.0, 15.0)
    """
    counted = {"spikes": 0.0, "passed": 0.0, "synapses": 0.0}
    was_training = net.training
    net.eval()
    with _watched(net, neurons, counted):
        net(inputs)
    net.train(was_training)
    each = 1 / len(inputs)
    return Activity(*(counted[name] * each for name in ("spikes", "passed", "synapses")))


@contextmanager
def _watched(
    net: nn.Module, neurons: tuple[type[nn.Module], ...], counted: dict[str, float]
) -> Iterator[None]:
    """Count what goes through the modules of a network."""

    def spikes(module: nn.Module, given: Any, output: Any) -> None:
        fired = output[0] if isinstance(output, tuple) else output
        counted["spikes"] += float(fired.count_nonzero())

    def synapses(module: nn.Module, given: tuple[Tensor, ...], output: Tensor) -> None:
        (x,) = given
        came = (x != 0).to(output.dtype)
        counted["passed"] += _through(module, came)
        counted["synapses"] += _through(module, torch.ones_like(came[:1])) * len(x)

    hooks = []
    for module in net.modules():
        if isinstance(module, neurons):
            hooks.append(module.register_forward_hook(spikes))
        elif isinstance(module, (nn.Linear, *_CONVOLUTIONS)):
            hooks.append(module.register_forward_hook(synapses))
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _through(module: Any, came: Tensor) -> float:
    """Synapses of a layer that ones of an input come through."""
    if isinstance(module, nn.Linear):
        outputs: int = module.out_features
        return float(came.sum(dtype=torch.float64)) * outputs
    if module.padding_mode != "zeros":
        came = nn.functional.pad(
            came, module._reversed_padding_repeated_twice, mode=module.padding_mode
        )
        padding: Any = 0
    else:
        padding = module.padding
    groups = module.groups
    ones = torch.ones((groups, *module.weight.shape[1:]), dtype=came.dtype, device=came.device)
    convolve = _CONVOLUTIONS[type(module)]
    hit = convolve(
        came, ones, stride=module.stride, padding=padding, dilation=module.dilation, groups=groups
    )
    per_group: int = module.out_channels // groups
    return float(hit.sum(dtype=torch.float64)) * per_group
