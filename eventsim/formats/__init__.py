"""Event files of other programs: one module a format, from bytes to columns and back."""
