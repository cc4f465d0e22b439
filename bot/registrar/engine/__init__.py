"""Durable work: what was accepted is done in the end, one piece of work a work key at a time, whoever dies."""

from registrar.engine.attempts import PATIENCE, Handle
from registrar.engine.engine import Engine

__all__ = ["PATIENCE", "Engine", "Handle"]
