"""An encoder that learns to keep what a task needs, and to hide what people look like."""

from torch import Tensor, nn

from eventsim.errors import ConfigError


class EventAnonymizer(nn.Module):
    """Code voxel grids so that a task can be solved on them, and people not be recognized.

    Each bin of time is coded by itself, into a few coarse channels between 0 and 1. What is coarse
    cannot hold a face, and what the channels mean is learned against attackers, as Ahmad et al.
    [1]_ do with an encoder of full size; see ``recipes/reid_anonymized.py``. The codes are no
    events: a network that reads them is trained on them.

    Parameters
    ----------
    channels : int
        Of a code, for each bin of time.
    coarser : int
        Times that a code is coarser than the grid on each side: a power of 2. Both chosen by
        measurement.
    width : int
        Of the layers.

    References
    ----------
    .. [1] Ahmad, Morerio and Del Bue, "Person Re-Identification without Identification via Event
       Anonymization", ICCV 2023.

    Examples
    --------
    >>> import torch
    >>> codes = EventAnonymizer(channels=2, coarser=4)(torch.zeros(3, 10, 32, 32))
    >>> codes.shape, bool((codes >= 0).all() and (codes <= 1).all())
    (torch.Size([3, 10, 2, 8, 8]), True)
    """

    def __init__(self, channels: int = 2, coarser: int = 4, width: int = 16) -> None:
        super().__init__()
        if coarser < 1 or coarser & (coarser - 1):
            raise ConfigError(f"coarser must be a power of 2, found {coarser}.")
        if channels < 1 or width < 1:
            raise ConfigError(
                f"channels and width must be 1 or more, found {channels} and {width}."
            )
        layers: list[nn.Module] = []
        inputs = 1
        for _ in range(coarser.bit_length() - 1):
            layers += [nn.Conv2d(inputs, width, 3, stride=2, padding=1), nn.ReLU()]
            inputs = width
        layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU()]
        layers += [nn.Conv2d(width, channels, 1), nn.Sigmoid()]
        self.layers = nn.Sequential(*layers)

    def forward(self, grids: Tensor) -> Tensor:
        """Codes of voxel grids.

        Parameters
        ----------
        grids : (B, T, H, W) tensor
            Signed voxel grids, such as of `eventsim.representations.VoxelGrid`.

        Returns
        -------
        (B, T, channels, H / coarser, W / coarser) tensor
            In [0, 1].
        """
        batch, bins, height, width = grids.shape
        codes: Tensor = self.layers(grids.reshape(batch * bins, 1, height, width))
        return codes.reshape(batch, bins, *codes.shape[1:])
