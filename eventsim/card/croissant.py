"""The card of a dataset for machines: Croissant, the vocabulary of MLCommons (version 1.0).

References
----------
.. [1] https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from eventsim.card.about import NOT_STATED, About, is_recorded
from eventsim.card.statistics import Statistics

SAMPLES_FILE = "card/samples.csv"
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataBiases": "cr:dataBiases",
    "dataCollection": "cr:dataCollection",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "personalSensitiveInformation": "cr:personalSensitiveInformation",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""As the specification has it."""

_WORDS = {
    "index": "Place of the sample in the dataset, from 0.",
    "sample": "Place of its input among all inputs, from 0.",
    "id": "Name of its input.",
    "label": "Its class.",
    "label_number": "Number of its class, from 0; -1 where it has none.",
    "split": "train, val or test.",
    "group": "What must not be torn between two splits.",
    "source": "Where it is from, seen from the folder that the dataset lies in.",
    "status": "ok, or partial if frames of the source were lost.",
    "width": "Of the sensor, px.",
    "height": "Of the sensor, px.",
    "seed": "That it was simulated with; 0 where it was recorded.",
    "events": "Events, or ones of planes.",
    "frames": "Frames that it was made of.",
    "duration_us": "From the first frame to the last, microseconds.",
    "on": "Events of polarity ON.",
    "rate_hz": "Events per pixel per second.",
}


def make_croissant(
    name: str, attributes: dict[str, Any], statistics: Statistics, about: About, samples: bytes
) -> str:
    """Text of croissant.json.

    Parameters
    ----------
    name : str
        Of the dataset's folder.
    attributes : dict
        Of the root.
    statistics : Statistics
    about : About
    samples : bytes
        Content of `SAMPLES_FILE`.

    Returns
    -------
    str
        JSON-LD.
    """
    whole = statistics.whole
    recorded = is_recorded(attributes)
    words = (
        (f"brought into this form by eventsim {attributes['version']}", "recorded")
        if recorded
        else (
            f"made by eventsim {attributes['version']}, which simulates an event camera",
            "synthetic",
        )
    )
    document = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": about.title or Path(name).stem,
        "description": (
            f"{whole.samples} samples of event-camera (DVS) data with {whole.events} events, "
            f"{words[0]}. It is {words[1]}. The samples are columns of a Zarr v3 group; see "
            "README.md."
        ),
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "license": about.license or NOT_STATED,
        "url": about.source_url or "https://pypi.org/project/eventsim/",
        "version": "1.0.0",
        **({"citeAs": about.citation} if about.citation else {}),
        "keywords": ["event camera", "DVS", "neuromorphic", words[1]],
        "dataCollection": (
            "Recorded with a real camera."
            if recorded
            else "Simulated, not recorded: README.md names every setting."
        ),
        "personalSensitiveInformation": (
            "People that the source shows can be recognized in events as well."
        ),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": "samples.csv",
                "name": "samples.csv",
                "description": "A line for each sample.",
                "contentUrl": SAMPLES_FILE,
                "encodingFormat": "text/csv",
                "sha256": hashlib.sha256(samples).hexdigest(),
            },
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": "samples",
                "name": "samples",
                "description": "What is known of each sample beside its events.",
                "key": {"@id": "samples/index"},
                "field": [
                    _field(column, values.dtype.kind) for column, values in statistics.table.items()
                ],
            }
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _field(column: str, kind: str) -> dict[str, Any]:
    types = {"i": "sc:Integer", "f": "sc:Float"}
    return {
        "@type": "cr:Field",
        "@id": f"samples/{column}",
        "name": column,
        "description": _WORDS.get(column, column),
        "dataType": types.get(kind, "sc:Text"),
        "source": {"fileObject": {"@id": "samples.csv"}, "extract": {"column": column}},
    }
