"""Knows what GitLab takes as a dotenv report, and what it would make of the values in it.

It reads `NAME=value` line by line, without quotes. What looks like a variable in a value is put in its place, where the
pipeline is made and again on the runner: https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv
"""

import re
from collections.abc import Mapping
from typing import Final

PREFIX: Final = "REGISTRAR_OUTPUT_"  # no setting of ours begins so, and none of GitLab's
LARGEST: Final = 5 * 1024 - 1  # bytes that GitLab takes of a report; a larger one fails the job
_LONGEST = 400  # bytes of one value, of some ten

_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_VARIABLE = re.compile(r"\$(?=\S)|%(?=\w+%)")


def dotenv(outputs: Mapping[str, str]) -> str:
    """A report that gives these outputs to later jobs: one line each, in which nothing names a variable any more.

    A space follows the sign that would make it one; what is too long is cut.
    """
    return "".join(f"{variable_of(name)}={_tame(value)}\n" for name, value in outputs.items())


def variable_of(output: str) -> str:
    """`REGISTRAR_OUTPUT_PULL_REQUEST` for `pull-request`."""
    return PREFIX + output.upper().replace("-", "_")


def _tame(value: str) -> str:
    line = _VARIABLE.sub(lambda found: f"{found[0]} ", _BREAKS.sub(" ", value).strip())
    return line.encode(errors="replace")[:_LONGEST].decode(errors="ignore").rstrip()
