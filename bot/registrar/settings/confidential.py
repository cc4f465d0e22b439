"""Knows which variables hold what no text may show, whether or not the command at hand asks for them."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Final

from registrar.settings.names import NAMEABLE, TOKENS
from registrar.settings.secrets_file import read_secrets
from registrar.settings.token_file import read_token

_LISTED: Final = "REGISTRAR_WEBHOOK_SECRET"  # with commas between them
_NAMES: Final = frozenset(
    {
        *(name for names in TOKENS.values() for name in names),
        "REGISTRAR_ADMIN_TOKEN",
        "REGISTRAR_HOOKS_TOKEN",
        "REGISTRAR_METRICS_TOKEN",
        "REGISTRAR_DATABASE_URL",
    }
)


def confidential(environment: Mapping[str, str]) -> Iterator[str]:
    """Every secret that an environment gives to Registrar."""
    for name, value in environment.items():
        if name == _LISTED:
            yield from (each.strip() for each in value.split(","))
        elif name == "REGISTRAR_TOKEN_FILE" and value.strip():
            with suppress(ValueError):  # what cannot be read is told elsewhere, and holds nothing
                yield read_token(Path(value.strip()).expanduser())
        elif name == "REGISTRAR_WEBHOOK_SECRETS_FILE" and value.strip():
            with suppress(ValueError):
                yield from chain.from_iterable(read_secrets(Path(value.strip()).expanduser()).values())
        elif name in _NAMES or name.startswith(NAMEABLE):
            yield value.strip()
