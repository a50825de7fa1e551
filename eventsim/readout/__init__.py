"""What packets of events go through behind the pixels, on their way out of the sensor."""
