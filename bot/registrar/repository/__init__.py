"""A registry in git: read at a commit, changed by a commit, remembered by its history."""
