"""Knows the name of an effect: one key for one deploy, the same however often it is worked out."""

import hashlib
import json
import re

_KEY = re.compile(r"\bdeploy-(?P<number>[1-9][0-9]{0,17})-[0-9a-f]{16}\b")


def operation_key(number: int, *, model: str, version: str, status: str, commit: str) -> str:
    """`deploy-7-<16 hex>`: the deploy of this version into this status, by this merged commit of pull request 7."""
    meaning = json.dumps([number, model, version, status, commit])
    return f"deploy-{number}-{hashlib.sha256(meaning.encode()).hexdigest()[:16]}"


def pull_request_of(text: str) -> int | None:
    """The number of the pull request whose operation key stands in a title; None when none does."""
    found = _KEY.search(text)
    return int(found["number"]) if found else None


def key_in(text: str) -> str | None:
    """The operation key that stands in a title; None when none does."""
    found = _KEY.search(text)
    return found[0] if found else None
