"""Registrar as one step of a CI job: inputs in, a command run, then outputs, a summary and annotations."""
