"""Still images become events: in one step (I2E), or moved on a path in front of a sensor."""
