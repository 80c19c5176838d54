"""Measures of speed and quality, with the command behind each figure. See benchmarks/README.md."""
