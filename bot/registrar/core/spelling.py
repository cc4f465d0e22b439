"""Knows which name was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 100  # comparing takes time quadratic in it, and no name is longer


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a sentence that offers the nearest name, whatever its case; empty when none is near."""
    by_fold = {name.casefold(): name for name in known}
    typed = word[:_LONGEST].casefold()
    begun = [name for name in by_fold if typed and name.startswith(typed)]
    near = begun or get_close_matches(typed, by_fold, n=1)
    return f"; did you mean {by_fold[near[0]]}?" if near else ""
