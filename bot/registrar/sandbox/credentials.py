"""Where a token is in what a client sends instead of signing in."""

import base64
import binascii


def password_of(encoded: str) -> str:
    """The password of HTTP's basic authorization, where git and others put a token; empty for what is none."""
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
