from dataclasses import replace

from core.builders import ANA, BOT, LEO, a_registry
from registrar.core.people import Person
from registrar.core.setup import Finding, Standing
from registrar.core.setup_policy import policy_findings
from registry_schema import BreakGlass, Notice, Registry

CALLED = a_registry(break_glass=BreakGlass(("@acme/oncall", "@gone")))


def found(rules: Registry, people: dict[str, tuple[Person, ...]], *secrets: str) -> list[Finding]:
    return list(policy_findings(rules, people=people, secrets=secrets))


def test_who_may_break_the_glass_is_named_and_whom_nobody_knows_is_a_problem() -> None:
    unknown, able = found(CALLED, {"@acme/oncall": (LEO, ANA, BOT), "@gone": ()})

    assert unknown.standing is Standing.PROBLEM
    assert unknown.says == "@gone may break the glass, and is no person whom the forge knows"
    assert (able.standing, able.says) == (Standing.OK, "ana or leo may break the glass")


def test_glass_that_nobody_can_break_is_never_called_well() -> None:
    findings = found(CALLED, {"@acme/oncall": (BOT,), "@gone": ()})

    assert [each.standing for each in findings] == [Standing.PROBLEM, Standing.PROBLEM]


def test_a_channel_whose_secret_is_not_set_is_a_problem() -> None:
    notices = (
        Notice(("break-glass", "rejected"), "REGISTRAR_SECRET_CHAT"),
        Notice(("rejected",), "REGISTRAR_SECRET_MAIL"),
    )
    rules = replace(a_registry(), notices=notices)

    told, silent = found(rules, {}, "REGISTRAR_SECRET_CHAT")

    assert (told.standing, told.says) == (Standing.OK, "REGISTRAR_SECRET_CHAT is told of break-glass, rejected")
    assert silent.standing is Standing.PROBLEM
    assert silent.says == "REGISTRAR_SECRET_MAIL is not set, so nobody is told there"
