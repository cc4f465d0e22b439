"""What the server remembers between two starts: a cache and an inbox, never the truth."""
