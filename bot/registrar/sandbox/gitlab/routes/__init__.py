"""The REST API as far as programs use it here: one file for each thing they ask about."""
