"""Where models come from when a team moves here: other registries, read and never written to."""
