"""Binary planes of events from one still image (I2E)."""
