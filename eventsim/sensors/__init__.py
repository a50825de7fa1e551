"""Cameras: one TOML card each, every number with its source."""
