"""A deploy is started once, whatever dies or lags on the way, and never when it has been overtaken."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from parity import only_on
from registrar.core.effects import RememberedEffects
from registrar.sandbox.exchange import Exchange
from registrar.sandbox.faults import LOST_ANSWER, LOST_REQUEST, SWALLOWED, Answered, Fault, Spot
from stories.conftest import Found
from stories.registries import a_registry
from stories.test_commands import asked
from stories.town import Town

LISTED_BY_NOW = timedelta(seconds=61)


class NoDeploysYet:
    """A list of what is said under a commit that lags behind: it does not hold the lines of deploys."""

    async def strike(self, exchange: Exchange) -> None:
        answer = await exchange.act()
        said = [each for each in json.loads(answer.body) if " deploy " not in json.dumps(each)]
        await exchange.answer(replace(answer, body=json.dumps(said).encode()))


def merged_with(town: Town, fault: Fault) -> int:
    """A pull request whose merge was told of, and whose deploy met a fault when it was asked for."""
    number = asked(town)
    town.approve(number, by="ana")
    town.lose_webhooks(but_pushes=True)
    town.faults.begin(town.side.starting, fault)
    town.merge(number)
    assert town.faults.struck == 1
    town.faults.end()
    return number


@pytest.mark.fault(27, 28, 29, 30)
@pytest.mark.parametrize("fault", [LOST_REQUEST, LOST_ANSWER], ids=["before the act", "before its record"])
def test_a_bot_that_died_starts_no_second_run_and_leaves_none_out(town: Town, fault: Fault) -> None:
    number = merged_with(town, fault)
    town.clock.advance(LISTED_BY_NOW)

    town.restart_bot(keeping=town.engine.later)
    town.let_time_pass()
    town.look_at(number)

    assert len(town.runs()) == 1
    assert "✅ **Merged and deployed**" in town.verdict(number)


@pytest.mark.fault(35)
def test_a_run_that_is_not_listed_yet_is_waited_for(town: Town) -> None:
    merged_with(town, LOST_ANSWER)
    town.faults.begin(town.side.listing, town.side.no_runs_yet)

    town.restart_bot(keeping=town.engine.later)
    town.let_time_pass()

    town.faults.end()
    assert len(town.runs()) == 1


@pytest.mark.fault(29, 35, 70)
def test_a_replica_that_sees_neither_the_run_nor_the_line_of_another_one_starts_none(town: Town) -> None:
    memory = RememberedEffects(town.clock.now)
    town.memory = lambda: memory
    town.restart_bot()
    merged_with(town, LOST_ANSWER)
    town.faults.begin(town.side.listing, town.side.no_runs_yet)
    town.faults.begin(Spot("GET", "/statuses", by="registrar-bot"), NoDeploysYet())

    town.restart_bot(keeping=town.engine.later)
    town.let_time_pass()

    town.faults.end()
    assert len(town.runs()) == 1
    assert any("is looked for" in str(refusal) for refusal in town.engine.refusals)


@pytest.mark.fault(31)
def test_a_start_that_a_limit_put_off_is_none(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    limit = Answered(acts=False, status=429, headers={"Retry-After": "5"})
    town.faults.begin(town.side.starting, limit, times=3)
    town.merge(number)

    for _ in range(3):
        town.let_time_pass()

    assert len(town.runs()) == 1
    assert "✅ **Merged and deployed**" in town.verdict(number)


@pytest.mark.fault(29, 74)
def test_nobody_may_ask_anew_for_what_was_refused_once_it_may_have_been_started(town: Town) -> None:
    memory = RememberedEffects(town.clock.now)
    town.memory = lambda: memory
    town.restart_bot()
    number = merged_with(town, LOST_ANSWER)
    town.faults.begin(town.side.listing, town.side.no_runs_yet)
    town.faults.begin(town.side.starting, Answered(acts=False, status=422, body=b"{}"))
    town.clock.advance(LISTED_BY_NOW)
    town.let_time_pass()
    assert "not started again" in town.verdict(number)
    town.hear_webhooks()

    town.comment(number, "/registrar deploy", by="mei")

    town.faults.end()
    assert len(town.runs()) == 1
    assert any("waits for anybody" in said for said in town.comments(number))


@pytest.mark.fault(29)
def test_a_bot_that_remembers_nothing_adopts_the_run_that_it_finds(town: Town) -> None:
    number = merged_with(town, LOST_ANSWER)

    town.restart_bot()
    town.look_at(number)

    assert len(town.runs()) == 1
    assert "✅ **Merged and deployed**" in town.verdict(number)


@pytest.mark.fault(74)
@only_on("github", because="GitLab names the pipeline that it has made, so it cannot take a start and make none.")
def test_a_run_that_never_appears_is_told_and_not_started_again(town: Town) -> None:
    number = merged_with(town, SWALLOWED)
    town.clock.advance(timedelta(minutes=11))

    town.let_time_pass()

    assert town.runs() == []
    assert "asked for, but no run has appeared; look at the pipeline" in town.verdict(number)


@pytest.mark.fault(75)
def test_a_deploy_that_was_overtaken_is_not_started(found: Found) -> None:
    town = found(a_registry({"1.0.0": 0.90, "1.1.0": 0.95, "1.3.0": 0.97}, status="Production: 1.0.0\n"))
    overtaken = asked(town)
    town.approve(overtaken, by="ana")
    town.lose_webhooks()
    town.merge(overtaken)
    town.protect()
    newer = {"models/digits/status.yaml": "Production: 1.3.0\nArchived:\n- 1.0.0\n- 1.1.0\n"}
    town.merge(town.propose(newer, by="mei", branch="newer"))

    town.look_at(overtaken)

    assert town.runs() == []
    assert "not deployed: 1.1.0 does not hold Production any more" in town.verdict(overtaken)
