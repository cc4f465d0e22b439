"""Knows how lines stand in columns while nobody knows yet how many there will be."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice
from typing import TextIO

from registrar.cli.terminal import coloured, inert

GAP = 2
_LOOKED_AHEAD = 200  # lines, for the widths: the rest may be any number

Line = tuple[Sequence[str], bool]  # its cells, and whether it is to be seen first
Fitting = Callable[[list[int]], list[int]]  # the widths that there is room for


def write_columns(
    headings: Sequence[str], lines: Iterable[Line], stream: TextIO, *, fitting: Fitting | None = None
) -> None:
    """Print them as they come; what is wider than there is room for is cut. Without a line there is no heading."""
    shown = ((_inert(cells), is_alarming) for cells, is_alarming in lines)
    first = list(islice(shown, _LOOKED_AHEAD))
    if not first:
        return
    widths = [max(map(len, column)) for column in zip(headings, *(cells for cells, _ in first), strict=True)]
    cut = fitting is not None
    widths = fitting(widths) if fitting is not None else widths
    stream.write(coloured(_joined(headings, widths, cut=cut), "bold", stream=stream) + "\n")
    for cells, is_alarming in chain(first, shown):
        line = _joined(cells, widths, cut=cut)
        stream.write((coloured(line, "red", stream=stream) if is_alarming else line) + "\n")


def _inert(cells: Sequence[str]) -> Sequence[str]:
    return cells if "".join(cells).isprintable() else [inert(cell) for cell in cells]


def _joined(cells: Sequence[str], widths: Sequence[int], *, cut: bool) -> str:
    shown = [_cut(cell, width) for cell, width in zip(cells, widths, strict=True)] if cut else cells
    return (" " * GAP).join(map(str.ljust, shown, widths)).rstrip()


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
