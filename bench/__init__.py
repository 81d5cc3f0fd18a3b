"""The figures that the program is held to; each file prints one as JSON (see README.md)."""
