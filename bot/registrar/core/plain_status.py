"""Knows the plain spelling of a status.yaml, which nearly all have: read many times faster, or not at all.

What is spelled in another way, or breaks a rule, is left to the strict reader. Where both read a text they agree.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from registrar.core.lifecycle import Transition, is_displacement
from registrar.core.standing import named, status_of, traffic_of
from registrar.core.versions import ascending
from registry_schema import Holdings, Registry
from registry_schema.names import STATUS_NAME_LENGTH, is_version_name

Held = Mapping[str, tuple[str, int | None]]  # of each version that the file names, its status and share of the traffic

_LARGEST = 256 * 1024
_STATUS = "[A-Za-z][A-Za-z0-9_-]*"
_VERSION = "[0-9][0-9A-Za-z.+-]*+"  # as far as a shape goes; which of these are versions is told apart by their names
_LISTED = rf"(?:- {_VERSION}\n)++|(?:  - {_VERSION}\n)++|"
_PLAIN = re.compile(rf"(?>(?:#[ -~]*\n)*+{_STATUS}:(?> {_VERSION}\n|\n(?>{_LISTED})))*+")
_SECTION = re.compile(rf"^({_STATUS}):([^:]*)(?=^{_STATUS}:|\Z)", re.MULTILINE)
_COMMENT = re.compile(r"^#.*\n", re.MULTILINE)
_MOST_KNOWN = 65_536
_known: set[str] = set()  # names that are of versions: a file of many is changed by one at a time
_NO_NAMES = frozenset({"yes", "no", "on", "off", "true", "false", "null", "latest"})  # for YAML, or for selectors


def held_plainly(text: bytes) -> Held | None:
    """Who holds what by a plain status.yaml; None: it is not plain, or not right."""
    if len(text) > _LARGEST or not text.isascii():
        return None
    words = text.decode()
    if not _PLAIN.fullmatch(words):
        return None
    sections = _SECTION.findall(_COMMENT.sub("", words) if "#" in words else words)
    held: dict[str, tuple[str, int | None]] = {}
    number = 0
    for status, versions in sections:
        if len(status) > STATUS_NAME_LENGTH or status.lower() in _NO_NAMES:
            return None
        words = versions.split()
        listed = words[1::2] if words[:1] == ["-"] else words
        number += len(listed)
        held |= dict.fromkeys(listed, (status, None))
    is_right = len(held) == number and len({status for status, _ in sections}) == len(sections)
    return held if is_right and _are_versions(held) else None


def held_by(holdings: Holdings) -> Held:
    """The same of holdings, however they were spelled."""
    return {
        version: (status_of(holdings, version, initial=""), traffic_of(holdings, version))
        for version in named(holdings)
    }


def moves(model: str, before: Held, after: Held, *, rules: Registry) -> tuple[Transition, ...]:
    """Every version whose status or share of the traffic differs; what was displaced comes last."""
    nowhere = (rules.initial, None)
    touched = [version for version, held in after.items() if before.get(version) != held]
    touched += before.keys() - after.keys()
    found = [
        Transition(model, version, old, new, old_share, new_share)
        for version in touched
        for (old, old_share), (new, new_share) in [(before.get(version, nowhere), after.get(version, nowhere))]
        if (old, old_share) != (new, new_share)
    ]
    if len(found) == 1:
        return (found[0],)
    leaving = [move for move in found if makes_room(move, found, rules)]
    return (*_in_order([move for move in found if move not in leaving]), *_in_order(leaving))


def makes_room(move: Transition, moves: Collection[Transition], rules: Registry) -> bool:
    """Whether the version only leaves because another takes its place."""
    if len(moves) == 1 or move.before not in rules.statuses or not is_displacement(rules, move):
        return False
    return any(other.after == move.before and other.model == move.model for other in moves if other is not move)


def _are_versions(names: Collection[str]) -> bool:
    if _known.issuperset(names):
        return True
    if not all(map(is_version_name, names)):
        return False
    _known.update(list(names)[: max(0, _MOST_KNOWN - len(_known))])
    return True


def _in_order(moves: Sequence[Transition]) -> Sequence[Transition]:
    """By version, from the lowest to the highest."""
    if len(moves) <= 1:
        return moves
    ranks = {version: rank for rank, version in enumerate(ascending(move.version for move in moves))}
    return sorted(moves, key=lambda move: ranks[move.version])
