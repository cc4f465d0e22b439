"""Who is told of what, and over which channel."""
