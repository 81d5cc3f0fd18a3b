"""The flow of households through the process: norms, bottlenecks and small groups."""
