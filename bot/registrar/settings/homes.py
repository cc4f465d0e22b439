"""Knows where a forge is when nobody says it; a token that a job or a shell has at hand is told to no other."""

from collections.abc import Mapping
from typing import Final

from registrar.addresses import URLS

_JOBS: Final = {  # what says that a job of the forge's CI runs this, and where that forge is
    "github": ("GITHUB_ACTIONS", "GITHUB_SERVER_URL"),
    "gitlab": ("GITLAB_CI", "CI_SERVER_URL"),
}


def home_of(forge: str, environment: Mapping[str, str]) -> str:
    """The forge of this kind whose job runs this; outside of one, the public one."""
    claim, server = _JOBS[forge]
    said = environment.get(server, "").strip() if environment.get(claim) == "true" else ""
    return said or URLS[forge]
