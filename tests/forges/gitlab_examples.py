"""Knows the webhooks of GitLab that go-gitlab tests with, and makes new ones in the words of GitLab's documentation."""

import base64
import gzip
import hashlib
import hmac
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "schemas" / "gitlab-payloads.json.gz"

PROJECT: Mapping[str, object] = {"id": 15, "path_with_namespace": "acme/ml/registry"}
KEY = bytes(range(32))
SIGNING_TOKEN = "whsec_" + base64.b64encode(KEY).decode()


@cache
def gitlab_payloads() -> Mapping[str, dict[str, Any]]:
    """Each payload by its name, such as `note_merge_request`; not to be altered."""
    return dict(json.loads(gzip.decompress(_FILE.read_bytes())))


def a_webhook(kind: str, /, **fields: object) -> dict[str, object]:
    """An event of the registry."""
    return {"object_kind": kind, "project": PROJECT, **fields}


def signature(body: bytes, *, key: bytes = KEY, name: str = "an-id", at: int) -> str:
    """What GitLab puts into `webhook-signature`."""
    message = f"{name}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, message, hashlib.sha256)).decode()


def signed(body: bytes, *, key: bytes = KEY, name: str = "an-id", at: int) -> dict[str, str]:
    """All that a signed webhook carries."""
    return {
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(body, key=key, name=name, at=at),
    }
