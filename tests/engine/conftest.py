"""The engine is the same on every database."""

from databases import address, database, postgres, postgres_server

__all__ = ["address", "database", "postgres", "postgres_server"]
