"""Promising links: what a household may expect where, and the best links for all together."""
