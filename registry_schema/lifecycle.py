"""What must hold between the parts of a registry.yaml, beyond the type of each."""

from collections.abc import Iterator, Mapping, Sequence

from registry_schema.complaints import Complaint
from registry_schema.document import Document, KeyPath
from registry_schema.wording import label, nearest, shown

_NAMED_IN = (
    ("statuses", "*", "promotes_from", "*"),
    ("statuses", "*", "displaced_to"),
    ("statuses", "*", "gates", "*", "not_worse_than"),
    ("deploys", "*", "status"),
    ("freezes", "*", "statuses", "*"),
    ("break_glass", "statuses", "*"),
)
_NOT_EMPTY = (
    ("statuses", "*", "approvals", "for_models", "*", "models"),
    ("freezes", "*", "statuses"),
    ("freezes", "*", "models"),
    ("break_glass", "people"),
    ("break_glass", "statuses"),
    ("notices", "*", "events"),
)
_MOST_SUGGESTED = 20  # comparing spellings is slow
DEFAULTS = ("Development", "QA", "Staging", "Production", "Archived")


def unknown_statuses(document: Document) -> Iterator[Complaint]:
    """Every status that is named must be there."""
    known = _statuses(document)
    exists = frozenset(known)
    suggested = known[:_MOST_SUGGESTED]
    otherwise = f"the statuses are {', '.join(map(shown, suggested))}"
    for pattern in _NAMED_IN:
        for keys, name in document.find(*pattern):
            if isinstance(name, str) and name not in exists:
                message = f'{label(keys)} names the status "{shown(name)}", which does not exist'
                yield Complaint(keys, message, nearest(name, suggested, otherwise=otherwise))


def twin_statuses(document: Document) -> Iterator[Complaint]:
    """People may type a status in small letters, so no two may differ in case alone."""
    first: dict[str, str] = {}
    for name in _statuses(document):
        twin = first.setdefault(name.casefold(), name)
        if twin != name:
            message = f"the statuses {shown(twin)} and {shown(name)} differ in capital letters alone"
            yield Complaint(("statuses", name), message, "rename one of the two")


def nothing_named(document: Document) -> Iterator[Complaint]:
    """A lifecycle has a beginning; and a rule that is written for nothing was meant for something."""
    for keys, statuses in document.find("statuses"):
        if statuses == {}:
            yield Complaint(keys, "statuses is empty", "name a status, or leave it out for the default lifecycle")
    for pattern in _NOT_EMPTY:
        for keys, listed in document.find(*pattern):
            if listed == []:
                yield Complaint(keys, f"{label(keys)} is empty", "name what is meant, or take out the whole entry")


def displacement(document: Document) -> Iterator[Complaint]:
    """Only a status that holds one version displaces, and never into one that would displace in turn."""
    holders = {keys[1]: value for keys, value in document.find("statuses", "*", "holders")}
    for keys, target in document.find("statuses", "*", "displaced_to"):
        if holders.get(keys[1]) != "one":
            yield Complaint(keys, f"{label(keys)} has no effect: the status holds many versions", "add holders: one")
        elif isinstance(target, str) and holders.get(target) == "one":
            message = f'{label(keys)} names "{shown(target)}", which holds one version itself'
            yield Complaint(keys, message, "name a status that holds many")
    for initial in _statuses(document)[:1]:
        if holders.get(initial) == "one":
            message = f"{shown(initial)} is the first status, which every new version has, and cannot hold only one"
            yield Complaint(("statuses", initial, "holders"), message, "leave holders out, or put another status first")


def soak(document: Document) -> Iterator[Complaint]:
    """Only what is promoted into a status can have held the one before it long enough."""
    sources = {keys[1]: value for keys, value in document.find("statuses", "*", "promotes_from")}
    initial = _statuses(document)[:1]
    for keys, _ in document.find("statuses", "*", "soak"):
        name = shown(str(keys[1]))
        if keys[1] in initial:
            message = f"{label(keys)} has no effect: {name} is the first status, which every new version has"
            yield Complaint(keys, message, "take it out, or put it on the status that is promoted into")
        elif not sources.get(keys[1]):
            message = f"{label(keys)} has no effect: no version is promoted into {name}"
            yield Complaint(keys, message, "take it out, or say in promotes_from where versions come from")


def gates(document: Document) -> Iterator[Complaint]:
    """A gate must be able to stop something, and to let something pass."""
    for keys, gate in document.find("statuses", "*", "gates", "*"):
        if isinstance(gate, dict):
            yield from _gate(keys, gate)


def _gate(keys: KeyPath, gate: Mapping[str, object]) -> Iterator[Complaint]:
    if not gate.keys() & {"at_least", "at_most", "not_worse_than"}:
        yield Complaint(keys, f"{label(keys)} has no criterion", "add at_least, at_most or not_worse_than")
    if "tolerance" in gate and "not_worse_than" not in gate:
        message = f"{label(keys)}.tolerance has no effect without not_worse_than"
        yield Complaint((*keys, "tolerance"), message, "take it out, or add not_worse_than")
    low, high = gate.get("at_least"), gate.get("at_most")
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        yield Complaint((*keys, "at_most"), f"no value passes {label(keys)}: at_most is below at_least", "swap the two")


def _statuses(document: Document) -> Sequence[str]:
    """The statuses in force: those that the file states, or else the default lifecycle."""
    for _, statuses in document.find("statuses"):
        if isinstance(statuses, dict):
            return tuple(statuses)
    return DEFAULTS


CHECKS = (nothing_named, twin_statuses, unknown_statuses, displacement, soak, gates)
