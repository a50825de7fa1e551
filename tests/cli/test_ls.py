from eventsim.cli.main import main
from eventsim.motion.settings import PATHS
from eventsim.motion.variants import VARIANTS
from eventsim.pixel.settings import PRESETS, PixelSettings
from eventsim.sensors.cards import sensor_names
from eventsim.shipped import shipped_files


def test_everything_is_listed(capsys):
    assert main(["ls"]) == 0
    words = capsys.readouterr().out.split()
    expected = [*sensor_names(), *PRESETS, *PixelSettings.model_fields, *PATHS, *VARIANTS]
    assert [name for name in expected if name not in words] == []
    assert [path.name for path in shipped_files() if path.name not in words] == []
