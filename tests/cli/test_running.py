"""Adding, trying again and closing, as they are typed."""

import av
import numpy as np
import pytest

from eventsim.cli.main import main
from eventsim.store.reader import open_dataset


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=100, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
        for i in range(20):
            picture = np.full((24, 32, 3), 40, np.uint8)
            picture[:, 2 * i % 28 : 2 * i % 28 + 4] = 220
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


def test_a_corpus_that_grows_and_is_mended(tmp_path, clip, capsys):
    corpus, out = tmp_path / "corpus", tmp_path / "out.zarr"
    (corpus / "walk").mkdir(parents=True)
    (corpus / "walk" / "a.mp4").write_bytes(clip.read_bytes())
    (corpus / "walk" / "bad.mp4").write_text("no video")
    convert = ["convert", str(corpus), str(out), "--sensor", "ideal"]
    assert main([*convert, "--strict", "-q"]) == 2
    assert "bad.mp4 failed: expected a video file" in capsys.readouterr().err
    assert main(["finish", str(out)]) == 2
    assert "1 are missing: 00000" in capsys.readouterr().err
    assert main([*convert, "-q"]) == 1
    assert main(["status", str(out)]) == 0
    said = capsys.readouterr().out
    assert "state   finished" in said
    assert "1 of 2 converted, 1 failed" in said

    assert main(["retry", str(out), "-q"]) == 2
    assert "expected a video file" in capsys.readouterr().err
    (corpus / "run").mkdir()
    (corpus / "run" / "b.mp4").write_bytes(clip.read_bytes())
    assert main([*convert, "--append"]) == 1
    assert "2 inputs left out" in capsys.readouterr().out
    assert main([*convert, "--append"]) == 0
    assert "nothing" in capsys.readouterr().out
    assert main([*convert, "--append", "--seed", "2"]) == 2
    assert "seed is 1 there and 2 now" in capsys.readouterr().err
    assert main([*convert, "--append", "--overwrite"]) == 2

    (corpus / "walk" / "bad.mp4").write_bytes(clip.read_bytes())
    assert main(["retry", str(out), "--overwrite"]) == 2
    assert main(["retry", str(out), "-q"]) == 0
    assert main(["retry", str(out)]) == 0
    assert "nothing" in capsys.readouterr().out
    assert [r.id for r in open_dataset(out)] == ["walk/a", "walk/bad", "run/b"]
    assert main(["finish", str(out)]) == 0
    assert main(["verify", str(out)]) == 0


def test_nothing_to_add_to(tmp_path, clip, capsys):
    assert main(["convert", str(clip), str(tmp_path / "no.zarr"), "--append"]) == 2
    assert "there is no dataset" in capsys.readouterr().err
