"""Knows which branches a wildcard of GitLab's means."""

import re


def means(wildcard: str, branch: str) -> bool:
    """Whether a branch is meant by a name in which `*` stands for anything: `release/*`, `main`.

    https://docs.gitlab.com/user/project/repository/branches/protected/#use-wildcard-rules
    """
    return re.fullmatch(".*".join(map(re.escape, wildcard.split("*"))), branch, re.DOTALL) is not None
