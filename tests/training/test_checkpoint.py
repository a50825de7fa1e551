"""A training that is cut anywhere ends with the same weights; nothing half is ever there."""

import pytest
import torch
from torch import nn

from eventsim.errors import ConfigError
from eventsim.training.checkpoint import load_checkpoint, load_part, save_checkpoint
from eventsim.training.seeding import begin_epoch, shuffled

DATA = torch.linspace(-1, 1, 40).reshape(20, 2)


def trained(path, epochs, total=4):
    begin_epoch(3, 0)
    net = nn.Sequential(nn.Linear(2, 8), nn.Dropout(0.5), nn.Linear(8, 1))
    optimizer = torch.optim.AdamW(net.parameters(), 0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=total * 4)
    parts = {"net": net, "optimizer": optimizer, "schedule": schedule}
    done = load_checkpoint(path, {"epochs": total}, parts) or 0
    for epoch in range(done, epochs):
        begin_epoch(3, epoch)
        for some in shuffled(20, 3, epoch).split(5):
            loss = (net(DATA[some]) - DATA[some].prod(1, keepdim=True)).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        save_checkpoint(path, {"epochs": total}, parts, epoch + 1)
    return done, net[0].weight.detach().clone()


@pytest.mark.parametrize("cuts", [(1, 4), (2, 3, 4)])
def test_cut_trainings_end_alike(tmp_path, cuts):
    _, whole = trained(tmp_path / "whole.pt", 4)
    before = 0
    for cut in cuts:
        done, weight = trained(tmp_path / "cut.pt", cut)
        assert done == before
        before = cut
    assert torch.equal(whole, weight)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut.pt", "whole.pt"]


def test_nothing_there_is_none(tmp_path):
    assert load_checkpoint(tmp_path / "no.pt", {}, {}) is None


def test_another_setting_is_refused_by_its_name(tmp_path):
    save_checkpoint(tmp_path / "a.pt", {"rate": 1, "epochs": 2}, {}, [0.5])
    assert load_checkpoint(tmp_path / "a.pt", {"rate": 1, "epochs": 2}, {}) == [0.5]
    with pytest.raises(ConfigError, match="another rate"):
        load_checkpoint(tmp_path / "a.pt", {"rate": 2, "epochs": 2}, {})
    with pytest.raises(ConfigError, match="another seed"):
        load_checkpoint(tmp_path / "a.pt", {"rate": 1, "epochs": 2, "seed": 1}, {})


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04"])
def test_what_is_no_checkpoint_is_said(tmp_path, content):
    (tmp_path / "a.pt").write_bytes(content)
    for load in (lambda path: load_checkpoint(path, {}, {}), lambda path: load_part(path, "net")):
        with pytest.raises(ConfigError, match=r"a\.pt is no checkpoint of this version"):
            load(tmp_path / "a.pt")


def test_a_part_of_a_checkpoint(tmp_path):
    net = nn.Linear(2, 3)
    save_checkpoint(tmp_path / "a.pt", {}, {"net": net}, 0)
    found = load_part(tmp_path / "a.pt", "net")
    assert found.keys() == {"weight", "bias"}
    assert torch.equal(found["weight"], net.weight)
    with pytest.raises(ConfigError, match="has no part 'body', but net"):
        load_part(tmp_path / "a.pt", "body")
    with pytest.raises(ConfigError, match="does not exist"):
        load_part(tmp_path / "no.pt", "net")
