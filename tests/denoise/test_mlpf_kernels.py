"""The compiled network against the same one in NumPy."""

import numpy as np

from eventsim.denoise import MLPF, Denoiser
from eventsim.denoise.mlpf import _weights, mlpf_inputs


def test_the_compiled_network_is_the_network(noise):
    w1, b1, w2, b2 = (np.asarray(w, np.float64) for w in _weights(""))
    assert w1.size + b1.size + w2.size + b2.size == 2001
    inputs = mlpf_inputs(noise).astype(np.float64)
    expected = np.maximum(inputs @ w1 + b1, 0) @ w2 + b2
    assert np.allclose(Denoiser(MLPF(), noise.size).scores(noise), expected, atol=2e-4)
