"""Knows how a number is told to a person."""

import math

_DIGITS = range(4, 17)
_SMALL, _LARGE = 1e-3, 1e15
_EQUAL_RELATIVE, _EQUAL_ABSOLUTE = 1e-9, 1e-12  # what is left of two equal sums that were added up in another order


def figure(value: float, *, digits: int = 4) -> str:
    """The number with at most so many digits after the point, none of them idle."""
    if value == int(value) and abs(value) < _LARGE:
        return str(int(value))
    if not _SMALL <= abs(value) < _LARGE:
        return f"{value:.{digits}g}"
    return f"{value:.{digits}f}".rstrip("0").rstrip(".")


def told_apart(value: float, other: float) -> tuple[str, str]:
    """Both numbers with as few digits as tell them apart; equal ones look the same."""
    pairs = ((figure(value, digits=digits), figure(other, digits=digits)) for digits in _DIGITS)
    shortest = next(pairs)
    if value == other:
        return shortest
    return next((pair for pair in (shortest, *pairs) if pair[0] != pair[1]), (repr(value), repr(other)))


def finite(value: float | None) -> float | None:
    """The number as a float; None when it is missing or no number that can be compared."""
    try:
        number = math.nan if value is None else float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def same(value: float, other: float) -> bool:
    """Whether the numbers differ by no more than rounding does."""
    return math.isclose(value, other, rel_tol=_EQUAL_RELATIVE, abs_tol=_EQUAL_ABSOLUTE)
