"""How much light a scene had, by the exposure that its image says."""

from pathlib import Path

from PIL import Image

from eventsim.errors import SourceError

CALIBRATION = 250.0
"""Of an incident-light meter with a flat receptor, lux seconds (ISO 2720:1974, C of 240 to 400; 250
is usual)."""
_EXIF, _TIME, _F_NUMBER, _ISO = 0x8769, 0x829A, 0x829D, 0x8827
"""Tags of Exif 2.32: its own directory, ExposureTime, FNumber and PhotographicSensitivity."""


def exposure_lux(path: Path) -> float:
    """Illuminance of a scene, lux, for which a camera would have exposed as it did.

    Parameters
    ----------
    path : Path
        Of an image with Exif data.

    Returns
    -------
    float
        ``C N**2 / (t S)``, of the f-number N, the time t in s and the sensitivity S (ISO).

    Raises
    ------
    SourceError
        If it does not say all three.
    """
    try:
        with Image.open(path) as image:
            said = image.getexif().get_ifd(_EXIF)
        found = [said.get(tag) for tag in (_TIME, _F_NUMBER, _ISO)]
        numbers = [float(v[0] if isinstance(v, tuple) else v) for v in found if v is not None]
    except Exception as error:  # a library that reads damaged metadata raises whatever it likes
        words = (str(error) or type(error).__name__).splitlines()[0]
        raise SourceError(f"the exposure of {path} cannot be read: {words}.") from error
    if len(numbers) != 3 or not all(0 < number < 1e9 for number in numbers):
        raise SourceError(
            f"{path} does not say exposure time, f-number and ISO (Exif), of which the illuminance "
            "is taken. Give it as --set illuminance_lux=..."
        )
    time_s, f_number, iso = numbers
    return CALIBRATION * f_number**2 / (time_s * iso)
