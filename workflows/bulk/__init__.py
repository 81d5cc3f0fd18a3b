"""One step on many cases: previewed, done in batches, cancelled, resumed, none done twice."""
