"""The score that is fitted on recorded outcomes: learning, testing, keeping and using it."""
