"""Settings and reference data: facts of the field, never rules of the process."""
