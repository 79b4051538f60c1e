"""Measurements of speed and memory, each a command; no test runs them."""
