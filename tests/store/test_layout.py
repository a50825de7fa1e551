"""The constants that every dataset on a disk relies on: changing one needs a new format version."""

from eventsim.events import Kind
from eventsim.store import layout


def test_version_3():
    assert layout.FORMAT_VERSION == 3
    assert layout.part_path(7) == "parts/00007"
    assert (layout.KIND_BIT, layout.MOVE_BIT) == (1, 4)
    assert layout.LONGEST == 2**60 - 1


def test_a_shard_has_whole_chunks():
    forms = layout.event_forms() | layout.frame_forms() | layout.path_forms()
    forms |= layout.object_forms()
    assert {name: form.dtype for name, form in forms.items()} == {
        name: dtype for name, dtype in layout.DTYPES.items() if name != "planes"
    }
    for form in (*forms.values(), layout.planes_form((346, 260))):
        assert form.shard % form.chunk == 0
        assert form.dtype in layout.FILL


def test_fill_is_never_an_event():
    kind = layout.FILL["uint64"] >> layout.KIND_BIT & 7
    assert kind not in set(Kind)
    assert layout.FILL[layout.EVENT_DTYPES["restart"]] == -1


def test_planes_of_a_chunk_are_whole_samples():
    digits, photos = layout.planes_form((32, 32)), layout.planes_form((4000, 3000))
    assert digits.chunk * 8 * 2 * 32 * 4 == layout.CHUNK_PLANES_BYTES
    assert (photos.chunk, photos.shard) == (1, 1)
    assert photos.row_shape == (8, 2, 3000, 500)
