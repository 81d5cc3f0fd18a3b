"""Journeys through the program in a real browser."""
