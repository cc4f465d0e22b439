"""Who owns a path: one language a forge."""
