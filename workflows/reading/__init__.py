"""Selects that give pages, API and reports frozen rows; each list goes through the policy."""
