"""An epoch that other processes see change."""

import pickle

import pytest
import torch.multiprocessing as multiprocessing

from eventsim.errors import ConfigError
from eventsim.training.shared_epoch import SharedEpoch


def answer(epoch, asked, told):
    while asked.get():
        told.put(epoch.number)


def test_it_begins_with_0_and_is_never_negative():
    epoch = SharedEpoch()
    assert epoch.number == 0
    epoch.begin(7)
    assert epoch.number == 7
    assert pickle.loads(pickle.dumps(epoch)).number == 7
    with pytest.raises(ConfigError, match="0 or more, found -1"):
        epoch.begin(-1)
    assert epoch.number == 7


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded, use of fork")
def test_a_process_that_lives_on_sees_it_change():
    context = multiprocessing.get_context("fork")
    epoch, asked, told = SharedEpoch(), context.Queue(), context.Queue()
    other = context.Process(target=answer, args=(epoch, asked, told))
    other.start()
    for number in (0, 3, 4):
        epoch.begin(number)
        asked.put(True)
        assert told.get(timeout=30) == number
    asked.put(False)
    other.join(30)
    assert other.exitcode == 0
