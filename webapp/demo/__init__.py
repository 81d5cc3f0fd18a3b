"""The synthetic Netherlands of 1 February 2017, built through the engine."""
