"""Measurements of speed and memory. Apart from the tests, printed, never asserted."""
