"""Knows whether those whom registry.yaml names beside the owners are there: who may break the glass, who is told."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from registrar.core.people import Person
from registrar.core.setup import Finding, ok, problem
from registrar.core.wording import either
from registry_schema import Registry


def policy_findings(
    rules: Registry, *, people: Mapping[str, Sequence[Person]], secrets: Collection[str]
) -> Iterator[Finding]:
    """`people` are the accounts of each word of `break_glass`, `secrets` the names that are set where the bot runs."""
    if rules.break_glass is not None:
        yield from _glass(people)
    for notice in rules.notices:
        if notice.channel in secrets:
            yield ok("notices", f"{notice.channel} is told of {', '.join(notice.events)}")
        else:
            mend = "set it where the bot runs, and here"
            yield problem("notices", f"{notice.channel} is not set, so nobody is told there", mend)


def _glass(people: Mapping[str, Sequence[Person]]) -> Iterator[Finding]:
    check = "break-glass"
    for word, accounts in people.items():
        if all(person.is_bot for person in accounts):
            mend = "name accounts or teams that the bot can see in break_glass.people of registry.yaml"
            yield problem(check, f"{word} may break the glass, and is no person whom the forge knows", mend)
    able = sorted({person.login for accounts in people.values() for person in accounts if not person.is_bot})
    if able:
        yield ok(check, f"{either(able)} may break the glass")
