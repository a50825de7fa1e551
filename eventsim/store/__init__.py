"""Recordings on disk: a Zarr v3 dataset made of parts that are whole or absent."""
