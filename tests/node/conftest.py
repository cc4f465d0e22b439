"""The programs that are not ours."""

from nodes import node

__all__ = ["node"]
