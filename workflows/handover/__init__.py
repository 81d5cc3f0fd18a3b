"""Warm handovers: their moves, what they hand over, and who may read it."""
