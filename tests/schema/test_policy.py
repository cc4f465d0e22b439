from datetime import UTC, datetime, timedelta

import pytest

from registry_schema import Approvals, BreakGlass, Freeze, Notice, Requests, read_registry
from registry_schema.approvals import ModelApprovals
from schema.reading import problems_of, told


def test_a_registry_states_its_policy() -> None:
    registry = read_registry(
        b"""\
statuses:
  Development: {}
  Production:
    promotes_from: [Development]
    soak: 72h
    approvals:
      count: 1
      for_models: [{models: ["risk/**"], count: 2, permission: maintain}]
rules: {approvals: {count: 2, permission: maintain}}
freezes:
  - {reason: end of the year, from: 2026-12-20T00:00:00Z, until: 2027-01-03T00:00:00Z, statuses: [Production]}
  - {reason: weekend, from: 0 18 * * fri, until: 0 6 * * mon, timezone: Europe/Berlin, models: [digits]}
break_glass: {people: ["@acme/oncall", "@ana"], statuses: [Production]}
requests: {overtaken: close, changes_requested: hold}
tags: gto
notices: [{events: [break-glass, unapproved-change], channel: REGISTRAR_SECRET_CHAT}]
""",
        "registry.yaml",
    )

    risky = ModelApprovals(("risk/**",), 2, permission="maintain")
    assert registry.statuses["Production"].approvals == Approvals(for_models=(risky,))
    assert registry.statuses["Production"].soak == timedelta(hours=72)
    assert registry.rules.approvals.demand == Approvals(2, permission="maintain")
    yearly = Freeze(
        "end of the year",
        datetime(2026, 12, 20, tzinfo=UTC),
        datetime(2027, 1, 3, tzinfo=UTC),
        statuses=("Production",),
    )
    weekly = Freeze("weekend", "0 18 * * fri", "0 6 * * mon", "Europe/Berlin", models=("digits",))
    assert registry.freezes == (yearly, weekly)
    assert (yearly.moments, weekly.moments) == ((yearly.from_, yearly.until), None)
    assert registry.break_glass == BreakGlass(("@acme/oncall", "@ana"), ("Production",))
    assert registry.requests == Requests("close", "hold")
    assert registry.tags == "gto"
    assert registry.notices == (Notice(("break-glass", "unapproved-change"), "REGISTRAR_SECRET_CHAT"),)


def test_a_registry_that_states_no_policy_is_strict_about_its_rules_and_lets_nobody_break_them() -> None:
    registry = read_registry(b"", "registry.yaml")

    assert registry.rules.approvals.demand == Approvals(1, permission="admin")
    assert (registry.freezes, registry.break_glass, registry.tags, registry.notices) == ((), None, "none", ())
    assert registry.requests == Requests("update", "close")


@pytest.mark.parametrize(
    ("model", "needed"),
    [
        pytest.param("risk/fraud", Approvals(2, permission="maintain"), id="the first that means it"),
        pytest.param("risk/score/old", Approvals(2, permission="maintain"), id="of two that mean it the first"),
        pytest.param("score/old", Approvals(3), id="the second"),
        pytest.param("digits", Approvals(1, permission="write"), id="none: that of the status"),
    ],
)
def test_a_model_needs_what_the_first_entry_that_means_it_says(model: str, needed: Approvals) -> None:
    first, second = ModelApprovals(("risk/**",), 2, permission="maintain"), ModelApprovals(("x", "**/old"), 3)

    assert Approvals(1, permission="write", for_models=(first, second)).of(model) == needed


@pytest.mark.parametrize(("text", "length"), [("30m", timedelta(minutes=30)), ("7d", timedelta(days=7))])
def test_a_length_of_time_is_in_minutes_hours_or_days(text: str, length: timedelta) -> None:
    registry = read_registry(
        f"statuses: {{A: {{}}, B: {{promotes_from: [A], soak: {text}}}}}".encode(), "registry.yaml"
    )

    assert registry.statuses["B"].soak == length


LENGTH = "a length of time, such as 72h"
LENGTH_MEND = "write a number and m, h or d: 30m, 72h, 7d"
WORD = "an account or team, such as @ana or @acme/oncall"
EMPTY = "is empty; name what is meant, or take out the whole entry"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "statuses: {A: {soak: 1h}}",
            "statuses.A.soak has no effect: A is the first status, which every new version has; "
            "take it out, or put it on the status that is promoted into",
            id="soak of the first status",
        ),
        pytest.param(
            "statuses: {A: {}, B: {soak: 1h}}",
            "statuses.B.soak has no effect: no version is promoted into B; "
            "take it out, or say in promotes_from where versions come from",
            id="soak of what nothing is promoted into",
        ),
        pytest.param(
            "statuses: {A: {}, B: {promotes_from: [A], soak: 1w}}",
            f'statuses.B.soak must be {LENGTH}, not "1w"; {LENGTH_MEND}',
            id="weeks",
        ),
        pytest.param(
            "statuses: {A: {}, B: {promotes_from: [A], soak: 0h}}",
            f'statuses.B.soak must be {LENGTH}, not "0h"; {LENGTH_MEND}',
            id="no time at all",
        ),
        pytest.param(
            "statuses: {A: {}, B: {promotes_from: [A], soak: 90}}",
            f'statuses.B.soak must be {LENGTH}, not 90, which YAML reads as a number; put it in quotes: "90", '
            f"and {LENGTH_MEND}",
            id="a number of what",
        ),
        pytest.param(
            "break_glass: {people: [ana]}",
            f'break_glass.people[0] must be {WORD}, not "ana"; write it as CODEOWNERS does, with its @',
            id="a login without its sign",
        ),
        pytest.param(
            "break_glass: {people: [ana@example.com]}",
            f'break_glass.people[0] must be {WORD}, not "ana@example.com"; write it as CODEOWNERS does, with its @',
            id="an address, which cannot be shown to be anybody's",
        ),
        pytest.param("break_glass: {people: []}", f"break_glass.people {EMPTY}", id="nobody to break glass"),
        pytest.param("break_glass: {}", "break_glass.people is missing; add it", id="break-glass for whom"),
        pytest.param(
            'break_glass: {people: ["@ana"], statuses: [Prodction]}',
            'break_glass.statuses[0] names the status "Prodction", which does not exist; did you mean Production?',
            id="break-glass into an unknown status",
        ),
        pytest.param(
            "rules: {approvals: {for_models: []}}",
            "the key rules.approvals.for_models is not known; known here: count, from, permission",
            id="the rules are of no model",
        ),
        pytest.param(
            "statuses: {A: {approvals: {for_models: [{count: 2}]}}}",
            "statuses.A.approvals.for_models[0].models is missing; add it",
            id="for which models",
        ),
        pytest.param(
            "statuses: {A: {approvals: {for_models: [{models: []}]}}}",
            f"statuses.A.approvals.for_models[0].models {EMPTY}",
            id="for no models",
        ),
        pytest.param("tags: dvc", 'tags must be gto or none, not "dvc"; choose gto or none', id="tags nobody reads"),
        pytest.param(
            "requests: {overtaken: never}",
            'requests.overtaken must be update or close, not "never"; choose update or close',
            id="a request left to itself",
        ),
        pytest.param(
            "notices: [{events: [break-glass], channel: discord://1/2}]",
            "notices[0].channel must be the name of a secret, such as REGISTRAR_SECRET_DIGITS_UI, "
            'not "discord://1/2"; name a variable that begins with REGISTRAR_SECRET_; '
            "its value belongs where the bot runs, never here",
            id="the secret address itself",
        ),
        pytest.param("notices: [{events: [], channel: REGISTRAR_SECRET_A}]", f"notices[0].events {EMPTY}", id="silent"),
    ],
)
def test_a_fault_reads_as(text: str, problem: str) -> None:
    assert told("registry", text) == [f":1: {problem}"]


def test_any_word_of_codeowners_that_names_accounts_may_break_glass() -> None:
    assert problems_of("registry", 'break_glass: {people: ["@ana", "@acme/sub/ml-admins", "@@maintainer"]}') == ()
