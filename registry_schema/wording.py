"""How keys and values of a file are shown in a message: short, on one line, and inert."""

import re
from collections.abc import Sequence

from registry_schema.spelling import near

_LONGEST = 60
_CREDENTIALS = re.compile(r"://[^/@\s]*@")
EMPTY = '""'


def shown(text: str) -> str:
    """Text from a file, short, without passwords or characters that could turn the message around."""
    open_text = _CREDENTIALS.sub("://***@", text)
    safe = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in open_text[:_LONGEST])
    return safe + "..." if len(open_text) > _LONGEST else safe


def label(keys: Sequence[str | int]) -> str:
    """A key path as people write it: statuses.Production.gates[0].metric."""
    parts = [f"[{key}]" if isinstance(key, int) else f".{shown(key) or EMPTY}" for key in keys]
    return "".join(parts).removeprefix(".")


def found(value: object, spelled: str, *, expected: str = "text") -> str:
    """What stands in a file where something else should."""
    if isinstance(value, str):
        return f'"{shown(value)}"'
    if isinstance(value, bool) and "true" not in expected:
        return f"{shown(spelled)}, which YAML reads as true or false"
    if isinstance(value, int | float) and "number" not in expected and " or " not in expected:
        return f"{shown(spelled)}, which YAML reads as a number"
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else shown(spelled)


def nearest(name: str, known: Sequence[str], *, otherwise: str) -> str:
    """A question after the name that was probably meant."""
    meant = near(name, known)
    return f"did you mean {shown(meant)}?" if meant else otherwise
