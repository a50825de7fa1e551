"""`eventsim ls`: what there is."""

from rich.console import Console

from eventsim.pixel.settings import PRESETS, PixelSettings
from eventsim.sensors.cards import load_card, sensor_names
from eventsim.shipped import FOLDERS, shipped_files, title_of


def ls() -> None:
    """List sensors, presets, settings, programs and cards."""
    console = Console(soft_wrap=True, highlight=False, markup=False)
    console.print("sensors")
    for name in sensor_names():
        console.print(f"  {name:<26}{load_card(name).title}")
    console.print("noise presets")
    for name in PRESETS:
        console.print(f"  {name}")
    console.print(f"  {'card':<26}the sensor's own noise")
    console.print("settings")
    for name, field in PixelSettings.model_fields.items():
        console.print(f"  {name:<26}{field.description}")
    files = shipped_files()
    for folder in FOLDERS:
        here = [path for path in files if path.parent.name == folder]
        if here:
            console.print(folder)
        for path in here:
            console.print(f"  {path.name:<26}{title_of(path)}".rstrip())
