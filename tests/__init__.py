"""Tests of Thuisroute."""
