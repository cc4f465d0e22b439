"""Knows how the file reads that holds the forge's token: whoever renews the token writes another one into it."""

from pathlib import Path


def read_token(file: Path) -> str:
    """What the file holds. Raises `ValueError` that says what is wrong with it, and shows nothing of it."""
    try:
        text = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ValueError(f"names {file}: {(error.strerror or str(error)).lower()}") from None
    except UnicodeError:
        raise ValueError(f"names {file}: it holds no text") from None
    if not text:
        raise ValueError(f"names {file}: it is empty; write the token of the account that acts into it")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(f"names {file}: it holds more than a token")
    return text
