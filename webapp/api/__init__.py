"""Addresses for other systems: JSON in, JSON out, a key instead of signing in."""
