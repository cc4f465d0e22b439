"""Knows what to write down when Registrar itself is wrong, and what must never be in it."""

import os
import platform
import re
import sys
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path

from registrar import __version__
from registrar.observing.redaction import Redaction
from registrar.settings.confidential import confidential

_SECRET_NAME = re.compile(r"TOKEN|SECRET|PASSW|CREDENTIAL|_KEY|APIKEY", re.IGNORECASE)
_USER_IN_ADDRESS = re.compile(r"(?<=://)[^/@\s'\"]+@")
_TOKEN_SHAPES = re.compile(r"\b(?:gh[a-z]_\w{8,}|github_pat_\w{8,}|glpat-[\w-]{8,}|whsec_[\w+/=]{8,})")


def write_report(error: Exception) -> Path:
    """Write a report that only its reader can open, fit for pasting into an issue."""
    text = redacted(_report(error), os.environ)
    handle, name = tempfile.mkstemp(prefix="registrar-", suffix=".md")
    with open(handle, "w", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123 - mkstemp gives a number
        file.write(text)
    return Path(name)


def redacted(text: str, environment: Mapping[str, str]) -> str:
    """Take out what the environment keeps secret, what has the shape of a token, and users in addresses."""
    named = {value for name, value in environment.items() if _SECRET_NAME.search(name)}
    secrets = {part.strip() for value in named for part in (value, *value.split(","))}
    text = Redaction({*secrets, *confidential(environment)})(text)
    return _TOKEN_SHAPES.sub("***", _USER_IN_ADDRESS.sub("***@", text))


def _report(error: Exception) -> str:
    trace = "".join(traceback.format_exception(error))
    return (
        f"## What happened\n\n`{' '.join(['registrar', *sys.argv[1:]])}` stopped with {type(error).__name__}.\n\n"
        f"## Where\n\n- Registrar {__version__}\n- Python {platform.python_version()}\n- {platform.platform()}\n\n"
        f"## How\n\n```text\n{trace}```\n"
    )
