"""The making of packets: packed events of many tiles, sorted into columns."""
