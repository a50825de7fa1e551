"""Networks of a few nodes, as large ones are exported."""

import numpy as np
import pytest

import eventsim
from eventsim.errors import ConfigError
from eventsim.sources.reading import Reading

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
from onnx import TensorProto, helper  # noqa: E402

from eventsim.upsampling.model import Network  # noqa: E402

NCHW, NHWC = [1, 3, "h", "w"], [1, "h", "w", 3]


@pytest.fixture
def network(tmp_path):
    """Writes a network that blends: first + (second - first) * share."""

    def write(picture, share, kind=TensorProto.FLOAT, name="blend.onnx"):
        inputs = [helper.make_tensor_value_info(n, kind, picture) for n in ("img0", "img1")]
        nodes = [helper.make_node("Sub", ["img1", "img0"], ["d"])]
        parts = []
        if share is None:
            half = np.array(0.5, np.float32 if kind == TensorProto.FLOAT else np.float16)
            parts = [helper.make_tensor("timestep", kind, [], half.tobytes(), raw=True)]
        else:
            inputs.append(helper.make_tensor_value_info("timestep", kind, share))
        nodes += [
            helper.make_node("Mul", ["d", "timestep"], ["m"]),
            helper.make_node("Add", ["img0", "m"], ["out"]),
        ]
        outputs = [helper.make_tensor_value_info("out", kind, picture)]
        graph = helper.make_graph(nodes, "blend", inputs, outputs, initializer=parts)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
        onnx.save(model, tmp_path / name)
        return tmp_path / name

    return write


def code(light):
    c = light / 255
    return np.where(c <= 0.0031308, 12.92 * c, 1.055 * c ** (1 / 2.4) - 0.055)


EXPORTS = {
    "RIFE": (NCHW, [1, 1, 1, 1]),  # img0, img1, timestep
    "RIFE with a plane": (NCHW, [1, 1, "h", "w"]),
    "FILM": (NHWC, [1, 1]),  # x0, x1, time
    "gray": ([1, 1, "h", "w"], [1]),
    "middle": (NCHW, None),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_pictures_come_as_the_network_makes_them(network, name):
    """A blend of sRGB codes, of sides that are no multiple of anything, in linear light."""
    picture, share = EXPORTS[name]
    made = Network(network(picture, share))
    assert made.has_share == (share is not None)
    rng = np.random.default_rng(1)
    before, after = rng.uniform(0, 255, (2, 37, 50)).astype(np.float32)
    shares = [0.25, 0.5, 0.75]
    for where, light in zip(shares, made.between(before, after, shares), strict=True):
        assert light.shape == (37, 50)
        assert light.dtype == np.float32
        blend = code(before) * (1 - where) + code(after) * where
        assert np.abs(code(light) - blend).max() < 1e-5


def test_half_precision(network):
    made = Network(network(NCHW, [1], TensorProto.FLOAT16))
    before, after = np.full((2, 20, 20), 100, np.float32)
    (light,) = made.between(before, after, [0.5])
    assert np.abs(light - 100).max() < 0.5


def test_light_above_white_is_kept(network):
    made = Network(network(NCHW, [1]))
    before, after = (np.full((20, 20), v, np.float32) for v in (100, 4000))
    (light,) = made.between(before, after, [0.999])
    assert light.max() > 3900


def test_only_the_middle_takes_powers_of_two(network):
    middle, any_share = Network(network(NCHW, None)), Network(network(NCHW, [1], name="any.onnx"))
    assert [middle.steps_for(n, 100) for n in (1, 2, 3, 5, 64, 65)] == [1, 2, 4, 8, 64, 64]
    assert [any_share.steps_for(n, 100) for n in (1, 3, 65)] == [1, 3, 65]


@pytest.mark.parametrize(
    ("picture", "share", "words"),
    [
        ([1, 7, "h", "w"], [1], "pictures of shape"),
        ([3, "h", "w"], [1], "found 3 inputs of shapes"),
    ],
)
def test_what_is_no_interpolator_is_refused(network, picture, share, words):
    with pytest.raises(ConfigError, match=words):
        Network(network(picture, share))


def test_a_file_that_is_no_network(tmp_path):
    (tmp_path / "broken.onnx").write_bytes(b"no model")
    with pytest.raises(ConfigError, match="is no ONNX model that can be loaded"):
        Network(tmp_path / "broken.onnx")


def test_a_wrong_one_is_refused_before_any_work(network, tmp_path):
    (tmp_path / "broken.onnx").write_bytes(b"no model")
    with pytest.raises(ConfigError, match="is no ONNX model"):
        Reading(upsample=str(tmp_path / "broken.onnx"))
    with pytest.raises(ConfigError, match="must take two pictures"):
        Reading(upsample=str(network([1, 7, "h", "w"], [1])))


def test_fixed_sides(network):
    made = Network(network([1, 3, 64, 64], [1]))
    picture = np.full((60, 50), 9, np.float32)
    (light,) = made.between(picture, picture, [0.5])
    assert light.shape == (60, 50)
    large = np.full((65, 50), 9, np.float32)
    with pytest.raises(ConfigError, match="takes pictures of 64 px a side, and the frames have 65"):
        list(made.between(large, large, [0.5]))


@pytest.mark.parametrize("name", ["RIFE", "middle"])
def test_events_of_a_clip_through_it(network, moved, coded, name):
    """As many frames as the flow says, made by the network; the notes say so."""
    path = network(*EXPORTS[name])
    clip = np.stack([coded(moved(6 * k)) for k in range(3)]), np.arange(3) * 40_000
    from eventsim.sources.arrays import ArraySource
    from eventsim.sources.staged import staged

    seen = staged(ArraySource(*clip), Reading(upsample=str(path)).stages())
    times = [frame.t_us for frame in seen]
    steps = times.index(40_000)
    assert steps == (8 if name == "middle" else 7)
    assert "were made: 7.5 steps" in seen.notes[0] or f"{steps} steps" in seen.notes[0]
    events = eventsim.simulate(clip, sensor="ideal", upsample=str(path))
    assert len(events) > 1000


def test_it_is_kept_by_name_and_hash(network, tmp_path):
    path = str(network(NCHW, [1]))
    reading = Reading(upsample=path)
    assert reading.files() == {"upsample": path}
    said = reading.attributes({"upsample": {"name": "blend.onnx", "sha256": "0"}})
    assert said["geometry"]["upsample"] == {"name": "blend.onnx", "sha256": "0"}
    assert Reading.of(said) == Reading()
    with pytest.raises(ConfigError, match="there is no network at"):
        Reading(upsample=str(tmp_path / "none.onnx"))
    with pytest.raises(ConfigError, match="must be none, flow or the path of a network"):
        Reading(upsample="blend")
