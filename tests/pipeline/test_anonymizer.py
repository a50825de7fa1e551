"""What is done to one recording."""

import numpy as np
import pytest

from eventsim.camera import choose_camera
from eventsim.errors import ConfigError, SourceError
from eventsim.pipeline import anonymizer
from eventsim.pipeline.anonymizer import Anonymizer, Original, is_keyed, shifted, unsealed
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.run import run
from eventsim.pipeline.video_plan import plan_videos
from eventsim.sources.reading import Reading
from eventsim.store.reader import Dataset
from eventsim.transforms import Flip, SpatialJitter, Thin, TimeScale
from eventsim.transforms.keyed import CipherPolarity, PermutePixels

SECRET, ID = bytes(range(32)), "0123456789abcdef" * 2


@pytest.fixture(scope="module")
def recording(clips, tmp_path_factory):
    out = tmp_path_factory.mktemp("anonymizer") / "source.zarr"
    inputs = [Input(str(clips[0]), start_s=0.1, group="somebody", id="anna")]
    run(
        plan_videos(inputs, choose_camera("ideal", "v2e-noisy"), reading=Reading(size="source")),
        out,
    )
    return Dataset(out)[0]


def joined(pieces):
    pieces = list(pieces)
    return type(pieces[0]).concatenate(pieces, pieces[0].size), len(pieces)


def test_pieces_do_not_matter_and_come_back(recording, monkeypatch):
    how = Anonymizer((PermutePixels(), CipherPolarity(), PermutePixels(4)), SECRET, ID)
    key = how.key_of(0, 0)
    whole, count = joined(how.changed(recording, key))
    assert count == 1
    assert whole.t.tolist() == (recording.events.t - recording.start_us).tolist()
    monkeypatch.setattr(anonymizer, "PIECE_EVENTS", 500)
    cut, count = joined(how.changed(recording, key))
    assert count > 3
    assert cut == whole


def test_methods_of_one_kind_have_keys_of_their_own(recording):
    """Or two permutations would be one done twice, and a cipher done twice none at all."""
    how = Anonymizer((CipherPolarity(), CipherPolarity()), SECRET, ID)
    hidden, _ = joined(how.changed(recording, how.key_of(0, 0)))
    assert 0.3 < (hidden.p == recording.events.p).mean() < 0.7


def test_what_loses_something_sees_all_of_it(recording, monkeypatch):
    how = Anonymizer((Thin(0.5), TimeScale(2.0)), SECRET, ID)
    events, count = joined(how.changed(recording, how.key_of(0, 0)))
    assert count == 1
    assert 0 < len(events) < 0.4 * len(recording)
    assert events.t[-1] <= recording.duration_us
    again, _ = joined(how.changed(recording, how.key_of(0, 0)))
    other, _ = joined(how.changed(recording, how.key_of(0, 1)))
    assert again == events != other
    monkeypatch.setattr(anonymizer, "MOST_EVENTS", 10)
    with pytest.raises(SourceError, match="sees a whole recording"):
        joined(how.changed(recording, how.key_of(0, 0)))


def test_what_is_known_of_the_original_is_sealed(recording):
    key = Anonymizer((Thin(0.5),), SECRET, ID).key_of(0, 0)
    original = Original.of(recording)
    line = original.sealed(key)
    for word in ("anna", "somebody", "clip", str(recording.seed)):
        assert word not in line
    again = Original.unsealed(line, key)
    assert again.frame_t_us.tolist() == recording.frame_t_us.tolist()
    assert (again.id, again.group, again.seed) == ("anna", "somebody", recording.seed)
    assert (again.source, again.notes) == (recording.source, recording.notes)
    with pytest.raises(ConfigError, match="another key"):
        Original.unsealed(line, key.child("other"))
    with pytest.raises(ConfigError, match="not sealed"):
        unsealed(recording, key)


def test_kinds_of_methods():
    assert is_keyed(PermutePixels())
    assert not is_keyed(SpatialJitter(2))
    assert not is_keyed(Flip())


def test_the_secret_is_never_shown():
    how = Anonymizer((PermutePixels(),), SECRET, ID)
    assert "secret" not in repr(how)
    assert SECRET.hex() not in repr(how)
    assert repr(SECRET)[2:20] not in repr(how)


def test_events_at_other_times(recording):
    later = shifted(recording.events, 77)
    assert np.array_equal(later.t, recording.events.t + 77)
