"""Knows where the command line starts, and imports nothing that its help does not need."""

import sys

from registrar.cli.program import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
