"""A forge on your own machine, for the demo and the tests."""

from registrar.sandbox.sandbox import Sandbox

__all__ = ["Sandbox"]
