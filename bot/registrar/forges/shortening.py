"""How a text that is too long for a forge is cut so that it still reads well."""

import re
from collections.abc import Iterable

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_DETAILS = re.compile(r"<(/?)details\b[^>]*>", re.IGNORECASE)
_ROOM_TO_CLOSE = 200  # a fence and a dozen `</details>`


def size_of(text: str) -> int:
    """How long a text is for the strictest way of counting characters: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def one_line(text: str, limit: int) -> str:
    """The text on one line, ended by an ellipsis where it is longer than the limit."""
    line = " ".join(text.split())
    return line if size_of(line) <= limit else _start_of(line, limit - 1).rstrip() + "…"


def shortened(markdown: str, *, limit: int, farewell: str) -> str:
    """The Markdown, whole if it fits; else cut between lines, with what was open closed and the farewell below."""
    if size_of(markdown) <= limit:
        return markdown
    lines = _that_fit(markdown.split("\n"), limit - size_of(farewell) - _ROOM_TO_CLOSE)
    while True:
        text = "\n".join([*lines, *_closing(lines), "", farewell])
        if size_of(text) <= limit or not lines:
            return text
        lines = lines[: len(lines) * 9 // 10]


def _that_fit(lines: list[str], room: int) -> list[str]:
    fitting: list[str] = []
    for line in lines:
        size = size_of(line) + 1
        if size > room:
            break
        room -= size
        fitting.append(line)
    return fitting or [_start_of(lines[0], max(room, 0))]


def _closing(lines: Iterable[str]) -> list[str]:
    """What must follow the lines so that no fence and no `<details>` stays open."""
    fence, details = "", 0
    for line in lines:
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
        elif mark and not (mark[1][0] == "`" and "`" in mark[2]):
            fence = mark[1]
        else:
            for tag in _DETAILS.finditer(line):
                details = max(details - 1, 0) if tag[1] else details + 1
    closing = [fence] if fence else []
    return closing + (["", *["</details>"] * details] if details else [])


def _start_of(text: str, units: int) -> str:
    """As many whole characters as fit."""
    return text.encode("utf-16-le", "surrogatepass")[: units * 2].decode("utf-16-le", "ignore")
