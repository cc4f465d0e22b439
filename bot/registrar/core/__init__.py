"""Decides, and does nothing else: no input or output, clock, environment or forge."""
