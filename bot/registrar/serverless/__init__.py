"""Registrar without a server: one run of the same behaviours to quiescence, one run at a time."""
