"""`eventsim.convert`: the command of that name as a function."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal

from eventsim.camera import SETTINGS, choose_camera
from eventsim.card.write import renew_card
from eventsim.errors import ConfigError, nearest
from eventsim.events import checked_size
from eventsim.motion.settings import MotionSettings, make_motion_settings
from eventsim.pipeline.corpus import choose_split, gather, with_ids
from eventsim.pipeline.image_plan import I2EMethod, ImageInput, SaccadeMethod, plan_images
from eventsim.pipeline.inputs import Input
from eventsim.pipeline.meter import Progress
from eventsim.pipeline.plans import Plan
from eventsim.pipeline.run import run
from eventsim.pipeline.video_plan import plan_videos
from eventsim.pixel.settings import CARD_NOISE
from eventsim.planes.settings import I2ESettings, make_i2e_settings
from eventsim.sources.reading import Reading
from eventsim.store.planes_reader import PlanesDataset
from eventsim.store.reader import Dataset, open_dataset

Method = Literal["video", "i2e", "saccade"]

_READ = {field.name for field in fields(Reading)}
_OF_IMAGES = {"size", "fit", "limit"}
_OF = {
    "video": {*_READ, *SETTINGS, "split", "twin"},
    "i2e": {*I2ESettings.model_fields, *_OF_IMAGES},
    "saccade": {*MotionSettings.model_fields, "motion", *SETTINGS, "size", "limit"},
}
"""Names that each method takes."""


def convert(  # noqa: PLR0913 - what the command line offers, in one place
    inputs: "str | Path | Input | ImageInput | Sequence[str | Path | Input | ImageInput]",
    out: str | Path,
    *,
    method: Method = "video",
    sensor: str = "davis346",
    noise: str = CARD_NOISE,
    seed: int = 1,
    label: str = "",
    workers: int = 1,
    client: Any = None,
    overwrite: bool = False,
    strict: bool = False,
    about: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    **settings: Any,
) -> Dataset | PlanesDataset:
    """Convert videos or still images into one dataset, or resume an earlier run.

    Parameters
    ----------
    inputs : path, Input, or sequence of them
        Videos, folders of images, multi-page images, folders of such (a folder per class; above
        them train, val and test); the rows of a table, which
        `eventsim.pipeline.corpus.read_manifest` gives; or for the other methods sets of still
        images.
    out : path
        Of the dataset to write, a .zarr. One that is complete is refused, unless `overwrite`; one
        that is not is resumed.
    method : {"video", "i2e", "saccade"}
        What inputs are: frames in order of time; or still images, that become eight planes or move
        before the camera.
    sensor, noise : str
        As in `eventsim.simulate`; i2e has no camera.
    seed : int
        Each recording gets its own from this and its place.
    label : str
        Of all these recordings; "" takes that of each.
    workers : int
        1 runs in this process; more are processes of this machine.
    client : distributed.Client or str, optional
        A Dask cluster, or the address of its scheduler, in place of `workers`.
    overwrite, strict
        Replace a dataset that is there; stop at the first input that fails, in place of writing it
        down.
    about : mapping, optional
        What only people know of it, for its card: title, license, source_url, citation,
        not_label_safe.
    progress : callable, optional
        Called with `eventsim.pipeline.meter.HowFar` as the work goes on.
    **settings
        For videos fields of `eventsim.sources.reading.Reading` (``size``, ``stop_s``, ...),
        settings of the camera, `twin` (settings of a second camera that sees the same), and
        `split` (train, val or test: only these inputs; or three shares that are 1 together, for
        those without one). For i2e ``ratio`` and its other settings; for
        saccade `motion` (``triangle``, ...), settings of the motion and of the camera; for both
        `size` and `limit`.

    Returns
    -------
    Dataset or PlanesDataset
        Opened. Inputs that failed are in its `failures`.

    Warns
    -----
    UserWarning
        For files in a folder that are left out.

    Raises
    ------
    ConfigError
        For a wrong name or value.
    SourceError
        If no input can be read, or one failed and `strict` was asked for.
    StoreError
        If a complete dataset, or something else, is there, or the disk is full.
    """
    if method not in _OF:
        raise ConfigError(f"there is no method {method!r}. {nearest(str(method), list(_OF))}")
    for name in settings:
        if name not in _OF[method]:
            known = sorted(_OF[method])
            raise ConfigError(f"method {method} has no setting {name!r}. {nearest(name, known)}")
    if Path(out).suffix != ".zarr":
        raise ConfigError(f"the dataset to write must end with .zarr, found {out}.")
    given = (
        list(inputs) if isinstance(inputs, Sequence) and not isinstance(inputs, str) else [inputs]
    )
    planned: Plan
    if method == "video":
        planned = _videos(given, (sensor, noise, label, seed), settings)
    else:
        planned = _images(given, (sensor, noise, label, seed), settings, method)
    run(
        planned, out, workers=workers, client=client, overwrite=overwrite, strict=strict,
        progress=progress,
    )  # fmt: skip
    renew_card(out, about or {})
    return open_dataset(out)


def _videos(
    given: Sequence[Any], common: tuple[str, str, str, int], settings: Mapping[str, Any]
) -> Plan:
    sensor, noise, label, seed = common
    rest = dict(settings)
    split, twin = rest.pop("split", None), rest.pop("twin", None)
    read = {name: rest.pop(name) for name in list(rest) if name in _READ}
    found: list[Input] = []
    for one in given:
        if isinstance(one, Input):
            found.append(one)
            continue
        inputs, notes = gather([one], label)
        found += inputs
        for note in notes:
            warnings.warn(note, stacklevel=3)
    found = choose_split(with_ids(found), split)
    camera = choose_camera(sensor, noise, rest)
    return plan_videos(found, camera, reading=Reading(**read), seed=seed, twin=twin)


def _images(
    given: Sequence[Any],
    common: tuple[str, str, str, int],
    settings: Mapping[str, Any],
    method: Method,
) -> Plan:
    sensor, noise, label, seed = common
    rest = dict(settings)
    size, limit, fit = rest.pop("size", None), rest.pop("limit", None), rest.pop("fit", "stretch")
    how: I2EMethod | SaccadeMethod
    if method == "i2e":
        how = I2EMethod(make_i2e_settings(**rest))
    else:
        moves = {name: rest.pop(name) for name in list(rest) if name in MotionSettings.model_fields}
        if "motion" in rest:
            moves["path"] = rest.pop("motion")
        how = SaccadeMethod(make_motion_settings(moves), choose_camera(sensor, noise, rest))
    sets = [one if isinstance(one, ImageInput) else ImageInput(str(one), label=label)
            for one in given]  # fmt: skip
    return plan_images(
        sets,
        how,
        size=None if size is None else checked_size(size),
        fit=fit,
        seed=seed,
        limit=limit,
    )
