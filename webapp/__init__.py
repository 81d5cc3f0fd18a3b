"""HTTP, commands, jobs and the composition of all rooms."""
