"""Knows which name was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 100  # comparing takes time quadratic in it, and no name is longer


def near(word: str, known: Iterable[str]) -> str | None:
    """The one name that begins so, else the one that is spelt most alike, whatever its case; None: none is near."""
    by_fold = {name.casefold(): name for name in known}
    typed = word[:_LONGEST].casefold()
    begun = [name for name in by_fold if typed and name.startswith(typed)]
    found = begun if len(begun) == 1 else get_close_matches(typed, begun or by_fold, n=1)
    return by_fold[found[0]] if found else None
