"""Terms over all cases: the list of what is due, and the alerts that each fire once."""
