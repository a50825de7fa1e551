"""The bench of denoisers: labeled streams of any scene, sensor and light, and what filters do."""
