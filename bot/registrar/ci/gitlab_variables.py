"""Knows how an input of the GitLab component names a variable of its job.

GitLab would put variables in twice, where the pipeline is made and again on the runner, so a commit's message that
reached an input could name the token. The component has GitLab leave its inputs alone, and they are read here, once.
"""

import re
from collections.abc import Mapping

_REFERENCE = re.compile(r"\$(?:(?P<dollar>\$)|(?P<name>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)\})", re.ASCII)


def with_variables(text: str, environment: Mapping[str, str]) -> str:
    """The text with the value of each variable that it names; `$$` is a dollar sign, and so is what names none."""

    def value_of(found: re.Match[str]) -> str:
        return "$" if found["dollar"] else environment.get(found["name"] or found["braced"], found[0])

    return _REFERENCE.sub(value_of, text)
