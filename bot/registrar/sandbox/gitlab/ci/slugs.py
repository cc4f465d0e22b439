"""Knows how GitLab shortens names for addresses, and what it takes an environment to be from its name."""

import re

_LONGEST, _LONGEST_ENVIRONMENT = 63, 24
_TIERS = (
    ("development", r"(dev|review|trunk)"),
    ("testing", r"(test|tst|int|ac(ce|)pt|qa|qc|control|quality)"),
    ("staging", r"(st(a|)g|mod(e|)l|pre|demo|non)"),
    ("production", r"(pr(o|)d|live)"),
)


def slug(name: str, *, longest: int = _LONGEST) -> str:
    """Lower case, digits and hyphens alone."""
    return re.sub(r"[^a-z0-9]", "-", name.lower())[:longest].strip("-")


def environment_slug(name: str) -> str:
    """The same for an environment, which is shorter."""
    return re.sub(r"-{2,}", "-", slug(name, longest=_LONGEST_ENVIRONMENT))


def tier_of(name: str) -> str:
    """What sort of environment has such a name: https://docs.gitlab.com/ci/environments/#deployment-tier-of-environments."""
    return next((tier for tier, pattern in _TIERS if re.search(pattern, name, re.IGNORECASE)), "other")
