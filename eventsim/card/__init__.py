"""What a finished dataset says of itself to people and to machines."""
