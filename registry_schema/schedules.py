"""What must hold of the freezes of a registry.yaml: each begins, ends, and knows by whose clock."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from registry_schema import names
from registry_schema.complaints import Complaint
from registry_schema.document import Document, KeyPath
from registry_schema.wording import label, shown

_FIVE_FIELDS = "write its five fields: minute, hour, day of the month, month, day of the week"
_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def freezes(document: Document) -> Iterator[Complaint]:
    """A freeze must be one that can begin, and that ends after it has begun."""
    for keys, freeze in document.find("freezes", "*"):
        if isinstance(freeze, dict):
            yield from _ends(keys, freeze)
            yield from _comes(keys, freeze)
            yield from _clock(keys, freeze)


def _ends(keys: KeyPath, freeze: Mapping[str, object]) -> Iterator[Complaint]:
    begins, ends = (_read(freeze.get(key)) for key in ("from", "until"))
    if begins is None or ends is None:
        return
    if isinstance(begins, datetime) is not isinstance(ends, datetime):
        message = f"{label(keys)} begins by a moment and ends by a cron expression, or the other way round"
        yield Complaint((*keys, "until"), message, "write both as moments, or both as cron expressions")
    elif begins == ends and not isinstance(begins, datetime):
        yield Complaint((*keys, "until"), f"{label(keys)} ends whenever it begins", "let it end at another time")
    elif isinstance(begins, datetime) and isinstance(ends, datetime) and ends <= begins:
        yield Complaint((*keys, "until"), f"{label(keys)} ends before it begins", "swap the two")


def _comes(keys: KeyPath, freeze: Mapping[str, object]) -> Iterator[Complaint]:
    for key in ("from", "until"):
        text = freeze.get(key)
        fields = _read(text)
        if isinstance(fields, list):
            yield from _ticks((*keys, key), " ".join(fields), str(text))


def _ticks(keys: KeyPath, cron: str, text: str) -> Iterator[Complaint]:
    """Five fields that look right may still name no day, as the 30th of February."""
    from croniter import CroniterBadDateError, CroniterError, croniter  # only now: it starts a program of its own

    try:
        croniter(cron, _ANY_DAY).get_next(datetime)
    except CroniterBadDateError:
        message = f'{label(keys)} never comes: no day fits "{shown(text)}"'
        yield Complaint(keys, message, "name a day that there is")
    except CroniterError:
        message = f'{label(keys)} must be a cron expression, such as 0 18 * * 5, not "{shown(text)}"'
        yield Complaint(keys, message, _FIVE_FIELDS)


def _clock(keys: KeyPath, freeze: Mapping[str, object]) -> Iterator[Complaint]:
    zone = freeze.get("timezone")
    if not isinstance(zone, str):
        return
    if isinstance(_read(freeze.get("from")), datetime):
        message = f"{label(keys)}.timezone has no effect: a moment says itself how far from UTC it is"
        yield Complaint((*keys, "timezone"), message, "take it out, or write cron expressions")
    elif re.fullmatch(names.TIME_ZONE, zone) and not _is_known(zone):
        message = f'{label((*keys, "timezone"))} names "{shown(zone)}", which is no time zone'
        yield Complaint((*keys, "timezone"), message, "write it as the IANA database does, such as Europe/Berlin")


def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _read(text: object) -> datetime | list[str] | None:
    """A moment, or the fields of a cron expression; None for neither, which is a problem of its own."""
    if not isinstance(text, str):
        return None
    if re.fullmatch(names.CRON, text):
        return text.split()
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


CHECKS = (freezes,)
