"""Says which name was probably meant."""

from collections.abc import Iterable

from registry_schema.spelling import near


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a sentence that offers the nearest name; empty when none is near."""
    found = near(word, known)
    return f"; did you mean {found}?" if found else ""
