"""Planes that come packed from the workers of a loader, taken apart on the device."""

import torch
from torch import Tensor

from eventsim.errors import ConfigError


def unpack_planes(packed: Tensor, width: int) -> Tensor:
    """Take packed planes apart, on the device that they are on.

    Parameters
    ----------
    packed : (..., ceil(width / 8)) tensor of uint8
        Bits as ``numpy.packbits`` packs them along the last axis: the first pixel on top.
    width : int
        Px.

    Returns
    -------
    (..., width) tensor of uint8
        0 and 1.

    Raises
    ------
    ConfigError
        If the last axis does not fit the width, or the numbers are no bytes.

    Examples
    --------
    >>> unpack_planes(torch.tensor([[0b10100000, 0b01000000]], dtype=torch.uint8), 10).tolist()
    [[1, 0, 1, 0, 0, 0, 0, 0, 0, 1]]
    """
    if packed.dtype != torch.uint8 or packed.ndim < 1 or packed.shape[-1] != -(-width // 8):
        raise ConfigError(
            f"packed planes of {width} px must be uint8 with {-(-width // 8)} bytes per row, found "
            f"{packed.dtype} {tuple(packed.shape)}."
        )
    shifts = torch.arange(7, -1, -1, dtype=torch.uint8, device=packed.device)
    bits = (packed[..., None] >> shifts) & 1
    return bits.flatten(-2)[..., :width]
