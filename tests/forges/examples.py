"""Knows every example of a webhook that GitHub publishes: 58 events, 329 payloads."""

import gzip
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "schemas" / "github-webhook-examples.json.gz"


@cache
def webhook_examples() -> tuple[tuple[str, str, dict[str, Any]], ...]:
    """Each as (event, a name of its own such as `pull_request.opened-2`, payload); not to be altered."""
    seen: Counter[str] = Counter()
    examples = []
    for event, payload in json.loads(gzip.decompress(_FILE.read_bytes())):
        title = ".".join(filter(None, [event, payload.get("action")]))
        seen[title] += 1
        examples.append((event, title if seen[title] == 1 else f"{title}-{seen[title]}", payload))
    return tuple(examples)
