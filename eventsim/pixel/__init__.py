"""The event-camera pixel, solved in closed form on every frame interval."""
