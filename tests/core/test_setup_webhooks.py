from dataclasses import replace
from typing import Any

import pytest

from registrar.core.setup import Finding, Standing, Untold, problems_in
from registrar.core.setup_changes import KeepWebhook
from registrar.core.setup_webhooks import (
    Signing,
    Webhook,
    WebhookDemand,
    Webhooks,
    webhook_findings,
    webhook_steps,
)

URL = "https://bot.example.org/webhooks/github"
DEMAND = WebhookDemand("acme/registry", "/webhooks/github", frozenset({"push", "pull_request"}))
ARRIVED = Finding("", Standing.OK, "it arrived")


def a_webhook(**changes: Any) -> Webhook:
    fine = Webhook(
        id=3,
        url=URL,
        page="https://forge/hooks/3",
        events=DEMAND.events,
        is_active=True,
        signing=Signing.SECRET,
        sends_json=True,
        verifies_tls=True,
        delivery=ARRIVED,
    )
    return replace(fine, **changes)


def some(*webhooks: Webhook) -> Webhooks:
    return Webhooks("https://forge/hooks", webhooks)


def problem_of(*webhooks: Webhook, demand: WebhookDemand = DEMAND) -> str:
    """What the only problem says."""
    [found] = problems_in(webhook_findings(demand, some(*webhooks)))
    return found.says


def test_a_webhook_as_it_must_be_has_no_problem_and_needs_no_change() -> None:
    webhooks = some(a_webhook(), a_webhook(id=4, url="https://chat.example.org/hook", signing=Signing.NOTHING))

    assert {each.standing for each in webhook_findings(DEMAND, webhooks)} == {Standing.OK}
    assert webhook_steps(DEMAND, webhooks) == ()


WRONG = [
    pytest.param({"is_active": False}, "is switched off", "is switched on", id="off"),
    pytest.param(
        {"events": frozenset({"push"})}, "does not tell of pull_request", "tells of pull_request too", id="events"
    ),
    pytest.param({"signing": Signing.NOTHING}, "it has no secret", "has the secret", id="unsigned"),
    pytest.param({"sends_json": False}, "it sends forms", "sends JSON", id="form"),
    pytest.param({"verifies_tls": False}, "does not verify TLS", "verifies TLS", id="no TLS"),
]


@pytest.mark.parametrize(("wrong", "says", "then"), WRONG)
def test_what_is_wrong_with_a_webhook_is_said_and_mended(wrong: dict[str, Any], says: str, then: str) -> None:
    webhook = a_webhook(**wrong)

    [step] = webhook_steps(DEMAND, some(webhook))

    assert says in problem_of(webhook)
    assert then in step.then
    assert step.change == KeepWebhook("acme/registry", 3, URL, DEMAND.events)


def test_a_webhook_for_everything_lacks_no_event() -> None:
    webhook = a_webhook(events=frozenset({"*"}))

    assert problems_in(webhook_findings(DEMAND, some(webhook))) == ()
    assert webhook_steps(DEMAND, some(webhook)) == ()


def test_without_a_webhook_one_is_made_where_somebody_says_that_the_bot_listens() -> None:
    demand = replace(DEMAND, url=URL)

    [step] = webhook_steps(demand, some())

    assert problem_of(demand=demand).startswith(f"none leads to {URL}")
    assert step.change == KeepWebhook("acme/registry", None, URL, DEMAND.events)
    assert (step.now, step.then) == ("none", f"{URL} tells of pull_request and push, signed")


def test_any_webhook_to_a_bots_door_is_taken_for_this_ones_until_somebody_says_where_it_listens() -> None:
    other = "https://other.example.org/webhooks/github/?x=1"

    assert problems_in(webhook_findings(DEMAND, some(a_webhook(url=other)))) == ()
    assert "none leads to" in problem_of(a_webhook(url=other), demand=replace(DEMAND, url=URL))


def test_a_doubled_webhook_is_a_problem_that_only_a_person_mends() -> None:
    webhooks = (a_webhook(), a_webhook(id=4))

    assert problem_of(*webhooks) == f"2 lead to {URL}, so everything is told 2 times"
    assert webhook_steps(DEMAND, some(*webhooks)) == ()


def test_two_bots_at_one_registry_are_a_problem() -> None:
    says = problem_of(a_webhook(), a_webhook(id=4, url="https://old.example.org/webhooks/github"))

    assert says.startswith("2 bots are told, at https://bot.example.org/webhooks/github and https://old.example.org")


@pytest.mark.parametrize(
    ("url", "is_open"),
    [
        pytest.param("http://bot.example.org/webhooks/github", True, id="across networks"),
        pytest.param("HTTP://10.0.0.7:8080/webhooks/github", True, id="by its number"),
        pytest.param("http://localhost:8080/webhooks/github", False, id="this machine"),
        pytest.param("http://127.0.0.1:8080/webhooks/github", False, id="this machine, by its number"),
        pytest.param("http://[::1]:8080/webhooks/github", False, id="this machine, by its newer number"),
        pytest.param("http://registrar:8080/webhooks/github", False, id="a network of its own"),
        pytest.param("https://bot.example.org/webhooks/github", False, id="TLS"),
    ],
)
def test_what_others_can_listen_to_is_a_problem(url: str, *, is_open: bool) -> None:
    found = problems_in(webhook_findings(DEMAND, some(a_webhook(url=url))))

    assert [each.check for each in found] == ["webhook of acme/registry, transport"] * is_open


def test_a_plain_token_is_not_enough_where_the_bot_wants_a_signature() -> None:
    demand = replace(DEMAND, signing=Signing.SIGNATURE)

    [step] = webhook_steps(demand, some(a_webhook()))

    assert problem_of(a_webhook(), demand=demand).startswith("it has a plain token")
    assert step.now == "has a plain token"
    assert problems_in(webhook_findings(demand, some(a_webhook(signing=Signing.SIGNATURE)))) == ()


def test_what_older_forges_do_not_tell_of_a_secret_is_no_reason_to_change_it() -> None:
    webhook = a_webhook(signing=Untold("GitLab does not say"))

    standings = {each.check: each.standing for each in webhook_findings(DEMAND, some(webhook))}

    assert standings["webhook of acme/registry, signature"] is Standing.UNTOLD
    assert webhook_steps(DEMAND, some(webhook)) == ()


def test_a_signing_token_is_of_no_use_to_a_forge_that_knows_none() -> None:
    demand = replace(DEMAND, signing=Signing.SIGNATURE)

    assert problem_of(a_webhook(signing=Untold("GitLab does not say")), demand=demand).endswith(
        "and this forge knows none, so the bot refuses what it tells"
    )


@pytest.mark.parametrize(
    ("pushes_to", "problems"),
    [
        pytest.param("", 0, id="all"),
        pytest.param("main", 0, id="the base"),
        pytest.param("m*", 0, id="the base, by a wildcard"),
        pytest.param("release/*", 1, id="others"),
    ],
)
def test_pushes_to_the_base_must_be_told(pushes_to: str, problems: int) -> None:
    found = webhook_findings(replace(DEMAND, base="main"), some(a_webhook(pushes_to=pushes_to)))

    assert [each.says for each in problems_in(found)] == [
        f"it tells of pushes to {pushes_to} alone, and not to main"
    ] * problems
    assert problems_in(webhook_findings(DEMAND, some(a_webhook(pushes_to=pushes_to)))) == ()


def test_a_webhook_of_a_group_does_and_is_left_to_the_group() -> None:
    webhook = a_webhook(is_shared=True, verifies_tls=False)

    [found] = problems_in(webhook_findings(DEMAND, some(webhook)))

    assert found.mend == "change it at https://forge/hooks/3"
    assert webhook_steps(DEMAND, some(webhook), renew_secret=True) == ()


def test_a_new_secret_is_sent_when_somebody_asks_for_it() -> None:
    [step] = webhook_steps(DEMAND, some(a_webhook()), renew_secret=True)

    assert step.then == "has the one in REGISTRAR_WEBHOOK_SECRET"


def test_what_hinders_it_and_how_its_deliveries_went_is_said() -> None:
    lost = Finding("", Standing.PROBLEM, "nobody answered", "start the bot")

    found = problems_in(webhook_findings(DEMAND, some(a_webhook(hindrances=("a filter",), delivery=lost))))

    assert [(each.check, each.says) for each in found] == [
        ("webhook of acme/registry, settings", "a filter"),
        ("webhook of acme/registry, deliveries", "nobody answered"),
    ]


def test_webhooks_that_nobody_may_see_cannot_be_told() -> None:
    [found] = webhook_findings(DEMAND, Untold("the token may not list them", "use another"))

    assert found == Finding("webhook of acme/registry", Standing.UNTOLD, "the token may not list them", "use another")
