"""Make the picture of the README again, with `eventsim demo`.

Run from the checkout: ``python docs/make_picture.py``. Takes about 10 s.
"""

import tempfile
from pathlib import Path

from PIL import Image

from eventsim.cli.demo import demo

WIDTH_PX = 1000
"""For reading beside text; chosen by eye."""


def make_picture(path: Path) -> None:
    """Run the demo, and keep its picture small."""
    with tempfile.TemporaryDirectory() as folder:
        demo(Path(folder))
        picture = Image.open(Path(folder) / "demo.png").convert("RGB")
    size = (WIDTH_PX, round(WIDTH_PX * picture.height / picture.width))
    small = picture.resize(size, Image.Resampling.LANCZOS)
    small.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=1).save(path, optimize=True)


if __name__ == "__main__":
    make_picture(Path(__file__).parent / "pictures" / "demo.png")
