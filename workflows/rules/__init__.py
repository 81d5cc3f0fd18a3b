"""Pure rules: dates, households and identifiers; everything they need is handed in."""
