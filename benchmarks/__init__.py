"""Measurements, each a command that prints ratios of one run; `make bench`."""
