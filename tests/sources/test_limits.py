import numpy as np
import pytest
from PIL import Image

from eventsim.errors import ConfigError, SourceError
from eventsim.sources.limits import DEFAULT_MB, SETTING, check_unpacked, most_bytes, read_head
from eventsim.sources.pictures import read_picture
from eventsim.stills.image_sets import open_image_set


def test_default_and_setting(monkeypatch):
    monkeypatch.delenv(SETTING, raising=False)
    assert most_bytes() == DEFAULT_MB * 1_000_000
    monkeypatch.setenv(SETTING, "0.5")
    assert most_bytes() == 500_000
    for wrong in ("", "many", "-1", "0", "nan", "inf"):
        monkeypatch.setenv(SETTING, wrong)
        with pytest.raises(ConfigError, match="must be a number of megabytes"):
            most_bytes()


def test_the_message_names_the_setting(monkeypatch):
    monkeypatch.setenv(SETTING, "8")
    check_unpacked(8_000_000, "a.npz")
    with pytest.raises(SourceError, match=r"a\.npz would take 9 MB .* limit is 8 MB.*" + SETTING):
        check_unpacked(9_000_000, "a.npz")
    with pytest.raises(SourceError, match="limit is 1 MB"):
        check_unpacked(2_000_000, "a.png", picture=True)


def test_head(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 100)
    assert read_head(tmp_path / "a") == b"x" * 64


def test_a_wrong_setting_is_no_fault_of_the_file(tmp_path, monkeypatch):
    Image.new("L", (4, 4)).save(tmp_path / "a.png")
    np.savez(tmp_path / "a.npz", images=np.zeros((1, 4, 4), np.uint8))
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(bytes(20))
    monkeypatch.setenv(SETTING, "many")
    for read, name in (
        (read_picture, "a.png"),
        (open_image_set, "a.npz"),
        (open_image_set, "t10k-images-idx3-ubyte"),
    ):
        with pytest.raises(
            ConfigError, match="must be a number of megabytes above 0, found 'many'"
        ):
            read(tmp_path / name)
