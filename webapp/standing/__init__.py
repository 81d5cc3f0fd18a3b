"""What the page Taakstelling shows: the question of its address, its rows, map and charts."""
