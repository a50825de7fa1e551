"""An anonymized copy of a dataset, or its original back: everything decided beforehand."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import eventsim
from eventsim.errors import ConfigError
from eventsim.pipeline.anonymize_task import AnonymizeTask
from eventsim.pipeline.anonymizer import Anonymizer, Method, is_keyed
from eventsim.pipeline.dataset_parts import content_of, group_rows, still_true
from eventsim.pipeline.plans import as_json
from eventsim.store.dataset import read_attributes
from eventsim.store.manifest import Entry
from eventsim.store.places import as_path
from eventsim.store.reader import Dataset
from eventsim.store.replacing import NEXT
from eventsim.transforms.keyed.event_key import ID_BYTES, SECRET_BYTES, key_check
from eventsim.transforms.parsing import is_keyed_text, parse_method

METADATA_LEFT = (
    "labels and splits, the size of each recording, how long it lasts and its place among the "
    "others; sensor, noise and settings of the camera; title, license, address and citation of the "
    "source, if somebody stated them"
)
"""What is known of the original from the attributes and tables of an anonymized copy."""
_UNMEASURED = "all of it, as far as is known: nobody has measured what this protects from."


OF_DEVICE = ("device_seed", "device_map")
"""Settings from which the pattern of a device could be drawn again."""


@dataclass(frozen=True)
class AnonymizePlan:
    """Recordings of a dataset, in order, with what becomes of them.

    Attributes
    ----------
    source : Path
    how : Anonymizer
        What is done to each.
    parts : tuple of tuple of (int, int)
        Row in the source, and sample in the copy, of each recording.
    about : dict
        Attributes of the copy that say what it is.
    content : str
        SHA-256 of the id and all that the source holds.
    """

    source: Path
    how: Anonymizer
    parts: tuple[tuple[tuple[int, int], ...], ...]
    about: dict[str, Any]
    content: str

    @property
    def part_count(self) -> int:
        """Parts of the dataset."""
        return len(self.parts)

    @property
    def input_paths(self) -> list[str]:
        """The dataset that is copied."""
        return [str(self.source)]

    def words(self) -> list[tuple[str, str]]:
        """Each method, as it is written, and what it leaves."""
        return [(repr(method), leaves_of(method)) for method in self.how.methods]

    def entries(self, out: Path) -> Sequence[Entry]:
        """Nothing: where recordings came from is not told."""
        return []

    def attributes(self) -> dict[str, Any]:
        """What is told of the copy, as JSON values: no path, no seed, no key."""
        count = sum(len(part) for part in self.parts)
        attributes = {
            "version": eventsim.__version__,
            **self.about,
            "inputs": {"count": count, "sha256": self.content},
        }
        return as_json(attributes)

    def tasks(
        self,
        out: Path,
        kept: set[int],
        threads: int | None,
        run: str = "",
        *,
        strict: bool = False,
    ) -> list[AnonymizeTask]:
        """Tasks of all parts but those that are kept."""
        source = as_path(self.source).absolute()
        return [
            AnonymizeTask(out, number, source, part, self.how, run, strict)
            for number, part in enumerate(self.parts)
            if number not in kept
        ]

    def total(self, kept: set[int]) -> int:
        """Recordings of all parts but those that are kept."""
        return sum(len(part) for number, part in enumerate(self.parts) if number not in kept)


def plan_anonymize(
    source: str | Path,
    methods: Sequence[Method],
    out: str | Path,
    secret: bytes | None = None,
    *,
    drop_labels: bool = False,
) -> AnonymizePlan:
    """Decide everything about an anonymized copy.

    Parameters
    ----------
    source : path
        A finished dataset of recordings.
    methods : sequence of Method
        Transforms that lose something, then those with a key.
    out : path
        Where it will be: a copy that was begun there keeps its id.
    secret : bytes, optional
        Of a key file; methods with a key need it.
    drop_labels : bool
        For datasets whose labels say who somebody is.

    Raises
    ------
    ConfigError
        If there is no method, the order is wrong, or there is no key for those that need one.
    StoreError
        If the source is no finished dataset of recordings.
    """
    keyed = [is_keyed(method) for method in methods]
    if not methods:
        raise ConfigError("there is nothing to do: give a method, such as PermutePixels.")
    if any(keyed) and secret is None:
        first = type(methods[keyed.index(True)]).__name__
        raise ConfigError(
            f"{first} needs a key. `eventsim keygen FILE` makes one; give it as --key-file FILE."
        )
    if keyed != sorted(keyed):
        late = methods[len(keyed) - 1 - keyed[::-1].index(False)]
        raise ConfigError(
            f"{type(late).__name__} loses something, so it must come before the methods with a "
            "key, or they could not be undone. Change the order."
        )
    dataset = Dataset(source)
    texts = [repr(method) for method in methods]
    dataset_id = _id_begun(as_path(out), dataset, texts, secret) or secrets.token_hex(ID_BYTES)
    about = {
        "method": "anonymize",
        **_told(dataset),
        "anonymize": {
            "id": dataset_id,
            "methods": texts,
            "leaves": [leaves_of(method) for method in methods],
            "metadata_left": METADATA_LEFT.replace("labels and splits", "splits")
            if drop_labels
            else METADATA_LEFT,
            "key_check": None if secret is None else key_check(secret, dataset_id),
        },
    }
    how = Anonymizer(
        tuple(methods),
        secret or _throwaway(),
        dataset_id,
        drop_labels=drop_labels,
        reversible=secret is not None,
    )
    return _planned(dataset, how, about)


def plan_recover(source: str | Path, secret: bytes) -> AnonymizePlan:
    """Decide everything about the original of an anonymized copy.

    Parameters
    ----------
    source : path
        Made by a plan of `plan_anonymize` with a key.
    secret : bytes
        That it was made with.

    Raises
    ------
    ConfigError
        If it is none, or the key is another one.
    StoreError
        If it is no finished dataset of recordings.
    """
    dataset = Dataset(source)
    how = dataset.attributes.get("anonymize")
    if not isinstance(how, dict) or not isinstance(how.get("methods"), list):
        raise ConfigError(f"{source} is not an anonymized dataset.")
    if how.get("key_check") is None:
        raise ConfigError(f"{source} was anonymized without a key: there is no way back.")
    if key_check(secret, how["id"]) != how["key_check"]:
        raise ConfigError(f"the key is not the one that {source} was made with. Use that key file.")
    lossy = [text for text in how["methods"] if not is_keyed_text(text)]
    methods = tuple(parse_method(text) for text in how["methods"][len(lossy) :])
    anonymizer = Anonymizer(methods, secret, how["id"], recover=True, first_number=len(lossy))
    about = {"method": "recover", **still_true(dataset), "recover": {"lost_by": lossy}}
    return _planned(dataset, anonymizer, about)


def leaves_of(method: Method) -> str:
    """What a method does not protect from, in words."""
    words: str = getattr(method, "leaves", _UNMEASURED)
    return words


def _told(dataset: Dataset) -> dict[str, Any]:
    """What may be told of the source: nothing by which its pixels could be known again."""
    told = still_true(dataset)
    # The motion may be that of a file, whose name it holds.
    told.pop("motion", None)
    told.pop("device_map", None)
    settings = told.get("settings", {})
    told["settings"] = {name: v for name, v in settings.items() if name not in OF_DEVICE}
    return told


def _planned(dataset: Dataset, how: Anonymizer, about: dict[str, Any]) -> AnonymizePlan:
    table = dataset.table()
    rows = list(zip(table["index"].tolist(), table["sample"].tolist(), strict=True))
    parts = group_rows(rows, table["events"].tolist())
    return AnonymizePlan(dataset.path, how, parts, about, _content(how.dataset_id, dataset))


def _throwaway() -> bytes:
    """A secret for random numbers that nobody shall draw again."""
    return secrets.token_bytes(SECRET_BYTES)


def _id_begun(out: Path, dataset: Dataset, texts: list[str], secret: bytes | None) -> str:
    """Id of a copy of just this that was begun and is not finished; "" if there is none.

    No other copy may have it: two that differ would be encrypted with the same key streams.
    """
    for place in (out, out / NEXT):
        there = read_attributes(place) or {}
        how = there.get("anonymize")
        if there.get("finished") or not isinstance(how, dict) or not isinstance(how.get("id"), str):
            continue
        dataset_id = str(how["id"])
        inputs = there.get("inputs")
        same = isinstance(inputs, dict) and inputs.get("sha256") == _content(dataset_id, dataset)
        check = None if secret is None else key_check(secret, dataset_id)
        if same and how.get("methods") == texts and how.get("key_check") == check:
            return dataset_id
    return ""


def _content(dataset_id: str, dataset: Dataset) -> str:
    """SHA-256 of a source; with the id in it, it cannot be looked up who else has it."""
    return hashlib.sha256(f"{dataset_id} {content_of(dataset)}".encode()).hexdigest()
