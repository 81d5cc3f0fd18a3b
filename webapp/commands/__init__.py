"""One file for each command of `thuisroute`."""
