"""Supervision by the province: the ladder of interventions and what is excusable."""
