"""The errors that eventsim raises on purpose.

Each message says what was expected, what was found and what to do::

    EventSimError
    |-- ConfigError (ValueError)         a setting or an argument is wrong
    |-- EventError (ValueError)          events break a promise of `eventsim.Events`
    |   |-- TimeOrderError               times go backwards
    |   `-- OutsideSensorError           a coordinate is not on the sensor
    |-- SourceError (OSError)            frames cannot be read
    |-- ResourceError                    the machine lacks memory, threads or open files
    `-- StoreError                       a dataset cannot be read or written
        |-- StoreExistsError             the output is there already
        |-- PartTakenError               a part is written already
        |-- UnfinishedStoreError         parts are missing
        `-- DamagedStoreError            what is on disk breaks a promise
"""


class EventSimError(Exception):
    """Root of all errors that eventsim raises on purpose."""


class ConfigError(EventSimError, ValueError):
    """A setting or an argument is wrong."""


class EventError(EventSimError, ValueError):
    """Events break a promise of `eventsim.Events`."""


class TimeOrderError(EventError):
    """Times go backwards where they must not."""


class OutsideSensorError(EventError):
    """A coordinate is not on the sensor."""


class SourceError(EventSimError, OSError):
    """Frames cannot be read."""


class ResourceError(EventSimError):
    """The machine lacks memory, threads or open files: no fault of the input."""


class StoreError(EventSimError):
    """A dataset cannot be read or written."""


class StoreExistsError(StoreError):
    """The output is there already."""


class PartTakenError(StoreError):
    """A part is written already, by this or another process."""


class UnfinishedStoreError(StoreError):
    """Parts of a dataset are missing."""


class DamagedStoreError(StoreError):
    """What is on disk breaks a promise of the format."""
