"""A few faces before the camera."""

import pytest
import torch
from threadpoolctl import threadpool_limits

from eventsim.privacy.faces import package_faces, record


@pytest.fixture(autouse=True)
def _one_thread():
    """The suite runs on all cores already: more threads than cores wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with threadpool_limits(1):
        yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def clips():
    return record(package_faces(3), sessions=8, test_sessions=4, seed=1)
