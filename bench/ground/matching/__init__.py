"""Instances of matching, and the methods to compare with."""
