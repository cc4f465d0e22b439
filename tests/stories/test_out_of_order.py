"""Events that come late, backwards or never, and clocks that are wrong, lead to the same end as all others."""

import hashlib
import hmac
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from forges.replies import serving
from loopback import PLAIN
from registrar.sandbox.faults import Answered, Spot
from registrar.sandbox.hooks import Delivery
from stories.places import REGISTRY
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.test_sweep import sweep
from stories.town import SECRET, Town


@pytest.mark.fault(16)
def test_two_webhooks_that_tell_the_same_lead_to_one_effect_each(town: Town) -> None:
    (webhook,) = town.sandbox.store.repository(REGISTRY).webhooks
    town.sandbox.add_webhook(REGISTRY, webhook.url, SECRET)
    number = asked(town)
    town.approve(number, by="ana")

    town.merge(number)

    assert len({each.guid for each in town.sandbox.deliveries}) == len(town.sandbox.deliveries)
    assert (len(town.runs()), len(town.comments(number)), len(town.comments(number - 1))) == (1, 1, 1)
    assert "✅ **Merged and deployed**" in town.verdict(number)


@pytest.mark.fault(22)
def test_an_approval_is_not_of_a_push_that_nobody_told_of(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    branch = town.pull_request(number).branch
    town.lose_webhooks()
    town.commit({"notes.txt": "one more thing\n"}, by="leo", branch=branch, onto=branch)
    town.protect()
    assert town.merge(number) is not None

    sweep(town)

    assert town.runs() == []
    assert "**Merged and deployed**" not in town.verdict(number)


@pytest.mark.fault(23)
def test_events_that_come_backwards_end_as_those_in_order(town: Town) -> None:
    number = asked(town)
    town.faults.webhooks.late = 1.0
    town.comment(number, "who looks at it?", by="leo")
    town.approve(number, by="ana")
    town.look_at(number)
    assert town.merge(number) is not None
    assert town.runs() == []

    town.faults.webhooks.late = 0.0
    town.faults.webhooks.release(backwards=True)
    town.settle()

    assert len(town.runs()) == 1
    assert "✅ **Merged and deployed**" in town.verdict(number)


@pytest.mark.fault(33)
def test_what_the_forge_will_never_take_is_told_and_not_asked_for_again(town: Town) -> None:
    never = Answered(acts=False, status=422, body=b'{"message": "no commits between main and that"}')
    rule = town.faults.begin(Spot("POST", town.side.requests, by="registrar-bot"), never)
    place = town.propose({"notes.txt": "hello\n"}, by="mei")

    town.comment(place, "/registrar promote digits@1.1.0 to Production", by="mei")
    town.let_time_pass()

    assert [said for said in town.comments(place) if "no commits between main and that" in said]
    assert rule.struck == 1


@pytest.mark.fault(37)
@pytest.mark.parametrize("minutes", [-10, 10])
def test_no_decision_rests_on_the_clock_of_the_bot(town: Town, minutes: int) -> None:
    town.clock.advance(timedelta(minutes=minutes))
    number = asked(town)
    branch = town.pull_request(number).branch
    town.approve(number, by="ana")
    town.commit({"models/digits/status.yaml": "Production: 1.2.0\n"}, by="leo", branch=branch, onto=branch)
    town.look_at(number)
    void = town.status(number)
    town.close(number)
    again = town.propose(PROMOTED, by="mei", branch="again")

    town.approve(again, by="ana")
    town.merge(again)
    town.let_time_pass()

    assert void[0] != "success"
    assert len(town.runs()) == 1
    assert "✅ **Merged and deployed**" in town.verdict(again)


@pytest.mark.fault(39)
def test_the_approval_of_an_account_that_is_gone_does_not_count(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="raj")
    approved = town.status(number)

    town.sandbox.delete_account("raj")
    town.look_at(number)

    assert approved[0] == "success"
    assert town.status(number)[0] == "pending"
    assert town.engine.refusals == []


@pytest.mark.fault(89)
def test_no_address_in_a_webhook_is_ever_followed(town: Town) -> None:
    number = asked(town)
    told = [each for each in town.sandbox.deliveries if each.body and b"promote" in each.body]

    with serving() as trap:
        for delivery in told:
            deliver(town, delivery, delivery.body.replace(town.sandbox.url.encode(), trap.url.encode()))
        town.settle()

        assert trap.asked == []
    assert town.status(number)[0] == "pending"


def deliver(town: Town, delivery: Delivery, body: bytes) -> None:
    """Tell the bot something in the forge's name, who knows the secret."""
    (webhook,) = town.sandbox.store.repository(REGISTRY).webhooks
    headers = delivery.request_headers | {"X-GitHub-Delivery": uuid4().hex, "Idempotency-Key": uuid4().hex}
    headers["X-Hub-Signature-256"] = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers.pop("Content-Length", None)
    answer = httpx.post(webhook.url, content=body, headers=headers, verify=PLAIN)
    assert answer.status_code in {200, 202}, answer.text
