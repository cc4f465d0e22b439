"""Promote machine-learning models by pull request."""

__version__ = "0.1.0"
