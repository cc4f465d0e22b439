"""The bot is killed on a sandbox forge of either kind."""

from databases import postgres, postgres_server
from stories.fixtures import pytest_generate_tests, side

__all__ = ["postgres", "postgres_server", "pytest_generate_tests", "side"]
