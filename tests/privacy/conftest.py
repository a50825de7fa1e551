"""A few faces before the camera."""

import pytest

from eventsim.privacy.faces import package_faces, record


@pytest.fixture(scope="session")
def clips():
    return record(package_faces(3), sessions=8, test_sessions=4, seed=1)
