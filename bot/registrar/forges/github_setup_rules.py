"""The rules of the ruleset that Registrar makes on GitHub, and how they join what somebody has added to it.

https://docs.github.com/rest/repos/rules#create-a-repository-ruleset
"""

from collections.abc import Mapping, Sequence

Rule = Mapping[str, object]


def wanted(status: str) -> list[Rule]:
    """What guards a base: pull requests approved by code owners, the bot's status, nothing rewritten or deleted.

    How many must approve is left to the registry and to CODEOWNERS: a registration needs nobody.
    """
    reviews = {
        "dismiss_stale_reviews_on_push": True,
        "require_code_owner_review": True,
        "require_last_push_approval": False,
        "required_approving_review_count": 0,
        "required_review_thread_resolution": False,
    }
    checks = {"required_status_checks": [{"context": status}], "strict_required_status_checks_policy": False}
    return [
        {"type": "deletion"},
        {"type": "non_fast_forward"},
        {"type": "pull_request", "parameters": reviews},
        {"type": "required_status_checks", "parameters": checks},
    ]


def completed(present: Sequence[Rule], asked: Sequence[Rule]) -> list[Rule]:
    """The rules that are there with what is asked for: of two settings the stricter, of two lists both."""
    found = {str(rule["type"]): rule for rule in present}
    for rule in asked:
        kind = str(rule["type"])
        found[kind] = _stricter(found[kind], rule) if kind in found else rule
    return list(found.values())


def _stricter(present: Rule, asked: Rule) -> Rule:
    mine, theirs = asked.get("parameters"), present.get("parameters")
    if not isinstance(mine, Mapping) or not isinstance(theirs, Mapping):
        return present
    joined = {name: _joined(theirs.get(name), value) for name, value in mine.items()}
    return {**present, "parameters": {**theirs, **joined}}


def _joined(present: object, asked: object) -> object:
    if isinstance(present, list) and isinstance(asked, list):
        return _both(present, asked)
    if isinstance(present, int) and isinstance(asked, int):  # what is on is more than what is off
        return max(present, asked)
    return asked


def _both(present: Sequence[Mapping[str, object]], asked: Sequence[Mapping[str, object]]) -> list[object]:
    """Required statuses; one of ours that only an app could say is said by no account, so it is asked for anew."""
    mine = {each["context"] for each in asked}
    return [*(each for each in present if each.get("context") not in mine), *asked]
