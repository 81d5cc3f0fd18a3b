"""What the benchmarks stand on: servers, an installed program, measuring and raw floors."""
