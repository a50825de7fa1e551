"""A still image moved on a path in front of a sensor."""
