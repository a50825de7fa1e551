"""Scenes with known answers, for tests, documentation and benchmarks."""
