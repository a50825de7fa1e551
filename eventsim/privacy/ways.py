"""The ways that a report compares: every method, most of them at several strengths."""

from eventsim.privacy.measure import Way
from eventsim.transforms import (
    IntegrateBlocks,
    MaskBoxes,
    MaskClusters,
    Quantize,
    RateCap,
    RemoveFingerprint,
    ReplaceBoxes,
    SpatialJitter,
    Thin,
    TimeJitter,
)
from eventsim.transforms.keyed import ChaoticScramble, CipherPolarity, PermuteBlocks, PermutePixels

RAW = Way("raw", ())
NOTHING = Way("nothing left", (Thin(1.0),))
"""The other end: what attackers get who have no events at all, but know what people look like."""


def all_ways() -> list[Way]:
    """Every method that eventsim has, and both ends: raw, and nothing left."""
    return [
        RAW,
        *(Way("SpatialJitter", (SpatialJitter(sd),)) for sd in (1.0, 2.0, 4.0, 8.0)),
        *(Way("TimeJitter", (TimeJitter(sd),)) for sd in (10_000.0, 50_000.0)),
        *(Way("Thin", (Thin(share),)) for share in (0.5, 0.9, 0.98)),
        *(Way("RateCap", (RateCap(1, period),)) for period in (50_000, 400_000)),
        *(Way("Quantize", (Quantize(20_000, side),)) for side in (4, 8)),
        *(Way("IntegrateBlocks", (IntegrateBlocks(side),)) for side in (4, 8)),
        Way("MaskClusters", (MaskClusters(),)),
        Way("MaskBoxes", (MaskBoxes(()),)),
        Way("ReplaceBoxes", (ReplaceBoxes(()),)),
        Way("RemoveFingerprint", (RemoveFingerprint(),)),
        Way("CipherPolarity", (CipherPolarity(),)),
        *(Way("PermuteBlocks", (PermuteBlocks(side),)) for side in (16, 8)),
        *(Way("PermutePixels in blocks", (PermutePixels(side),)) for side in (4, 8, 16)),
        Way("PermutePixels, one order", (PermutePixels(rekey_us=None),)),
        Way("PermutePixels", (PermutePixels(),)),
        Way("PermutePixels + CipherPolarity", (PermutePixels(), CipherPolarity())),
        Way("ChaoticScramble, one key for all", (ChaoticScramble(),), shares_key=True),
        NOTHING,
    ]
