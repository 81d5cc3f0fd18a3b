"""What the worker does: each job carries ids only and may run twice with one effect."""
