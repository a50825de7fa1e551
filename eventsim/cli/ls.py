"""`eventsim ls`: what there is."""

from eventsim.camera import SETTINGS
from eventsim.cli.printing import make_console
from eventsim.formats.names import FORMATS
from eventsim.motion.settings import PATHS, MotionSettings
from eventsim.motion.variants import VARIANTS
from eventsim.pixel.settings import PRESETS
from eventsim.sensors.cards import load_card, sensor_names
from eventsim.shipped import FOLDERS, shipped_files, title_of


def ls() -> None:
    """List sensors, formats, presets, settings, eye movements, programs and cards."""
    console = make_console()
    console.print("sensors")
    for name in sensor_names():
        console.print(f"  {name:<26}{load_card(name).title}")
    console.print("formats of event files (import, export)")
    for one in FORMATS:
        how = "" if one.write else " (read)"
        console.print(f"  {one.name:<26}{one.title}, {', '.join(one.endings)}{how}")
    console.print("noise presets")
    for name in PRESETS:
        console.print(f"  {name}")
    console.print(f"  {'card':<26}the sensor's own noise")
    console.print("settings")
    for name, field in SETTINGS.items():
        console.print(f"  {name:<26}{field.description}")
    console.print("eye movements (convert --method saccade --motion NAME)")
    for name in PATHS:
        console.print(f"  {name}")
    console.print("ways to record (--variant NAME)")
    for name, values in VARIANTS.items():
        words = ", ".join(f"{key} {value}" for key, value in values.items())
        console.print(f"  {name:<26}{words}")
    console.print("settings of the motion and the light (--move NAME=VALUE)")
    for name, field in MotionSettings.model_fields.items():
        console.print(f"  {name:<26}{field.description}")
    files = shipped_files()
    for folder in FOLDERS:
        here = [path for path in files if path.parent.name == folder]
        if here:
            console.print(folder)
        for path in here:
            console.print(f"  {path.name:<26}{title_of(path)}".rstrip())
