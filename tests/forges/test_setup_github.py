"""What GitHub tells of a set-up, read from answers as it publishes them, and changed over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from registrar.core.pipelines import Target
from registrar.core.setup import Demand, Standing, Untold
from registrar.core.setup_changes import HoldMerges, KeepRuleset, KeepWebhook
from registrar.core.setup_github import RequiredStatus
from registrar.core.setup_token import Scopes
from registrar.core.setup_webhooks import Signing
from registrar.errors import NotAllowed
from registrar.forges.github_setup import GitHubSetup, connect
from registrar.forges.github_setup_answers import (
    DeliveryAnswer,
    HookAnswer,
    ProtectionAnswer,
    RepositoryAnswer,
    RuleAnswer,
)
from registrar.forges.github_setup_meanings import (
    expiry_of,
    layer_of_protection,
    layer_of_rules,
    scopes_of,
    webhook_of,
)
from registrar.forges.github_setup_rules import completed, wanted
from registrar.forges.github_workflow import as_pipeline
from sandbox.scene import REGISTRY, Scene, opened

ORGANIZATION = {"id": 1, "login": "acme", "type": "Organization"}
HOOK = {
    "id": 3,
    "active": True,
    "events": ["push"],
    "config": {"url": "https://bot.example.org", "content_type": "json"},
}


@pytest.mark.parametrize(
    ("header", "end"),
    [
        pytest.param(None, None, id="never"),
        pytest.param("2026-12-01 10:00:00 UTC", datetime(2026, 12, 1, 10, tzinfo=UTC), id="in UTC"),
        pytest.param("2026-12-01 10:00:00 +0200", datetime(2026, 12, 1, 8, tzinfo=UTC), id="elsewhere"),
        pytest.param("soon", Untold("GitHub says 'soon', which is no date"), id="no date"),
    ],
)
def test_when_a_token_ends_is_read_in_either_way_of_writing(header: str | None, end: object) -> None:
    assert expiry_of(header) == end


@pytest.mark.parametrize(
    ("header", "private", "lacking", "excessive"),
    [
        pytest.param("repo, read:org", True, (), (), id="enough"),
        pytest.param("public_repo, read:org", False, (), (), id="enough for a public one"),
        pytest.param("public_repo, read:org", True, ("repo",), (), id="too little for a private one"),
        pytest.param("", False, ("repo", "read:org"), (), id="nothing"),
        pytest.param("repo, admin:org, gist", True, (), ("admin:org", "gist"), id="too much"),
    ],
)
def test_scopes_are_held_against_what_the_bot_needs(
    header: str, *, private: bool, lacking: tuple[str, ...], excessive: tuple[str, ...]
) -> None:
    repository = TypeAdapter(RepositoryAnswer).validate_python(
        {"full_name": REGISTRY, "private": private, "owner": ORGANIZATION}
    )

    scopes = scopes_of(header, repository)

    assert isinstance(scopes, Scopes)
    assert (scopes.lacking, scopes.excessive) == (lacking, excessive)


def a_delivery(status_code: int, status: str = "OK") -> DeliveryAnswer:
    return DeliveryAnswer("push", status, status_code, datetime(2026, 3, 1, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("codes", "standing", "says"),
    [
        pytest.param((), Standing.UNTOLD, "nothing was delivered in the last days", id="none"),
        pytest.param((202, 202), Standing.OK, "the newest, push at 2026-03-01 12:00 UTC, arrived", id="arrived"),
        pytest.param((202, 503, 0), Standing.OK, "arrived, 2 of the 3 before it did not", id="arrives again"),
        pytest.param((0, 202), Standing.PROBLEM, "push did not arrive at 2026-03-01 12:00 UTC: OK", id="lost"),
        pytest.param((401,), Standing.PROBLEM, "the bot refused the signature of push", id="another secret"),
    ],
)
def test_the_newest_delivery_says_whether_a_webhook_arrives(
    codes: tuple[int, ...], standing: Standing, says: str
) -> None:
    hook = TypeAdapter(HookAnswer).validate_python(HOOK)

    found = webhook_of(hook, [a_delivery(code) for code in codes], page="").delivery

    assert (found.standing, says in found.says) == (standing, True)


@pytest.mark.parametrize(
    ("config", "fact", "value"),
    [
        pytest.param({}, "signing", Signing.NOTHING, id="unsigned"),
        pytest.param({"secret": "********"}, "signing", Signing.SECRET, id="signed"),
        pytest.param({"content_type": "form"}, "sends_json", False, id="form"),
        pytest.param({"insecure_ssl": 1}, "verifies_tls", False, id="no TLS, as a number"),
        pytest.param({"insecure_ssl": "1"}, "verifies_tls", False, id="no TLS, as a text"),
        pytest.param({"insecure_ssl": 0}, "verifies_tls", True, id="TLS, as a number"),
    ],
)
def test_the_settings_of_a_webhook_are_read(config: dict[str, Any], fact: str, value: object) -> None:
    hook = TypeAdapter(HookAnswer).validate_python(HOOK | {"config": {"url": "x", "content_type": "json", **config}})

    assert getattr(webhook_of(hook, (), page=""), fact) == value


def test_branch_protection_is_one_layer() -> None:
    someone = {"users": [{"login": "ana"}], "teams": [{"slug": "ml-admins"}], "apps": []}
    answer = {
        "required_status_checks": {
            "contexts": ["tests", "registrar: main"],
            "checks": [{"context": "tests", "app_id": 15368}, {"context": "registrar: main", "app_id": -1}],
        },
        "required_pull_request_reviews": {
            "dismiss_stale_reviews": True,
            "require_code_owner_reviews": True,
            "bypass_pull_request_allowances": someone,
        },
        "enforce_admins": {"enabled": False},
        "allow_force_pushes": {"enabled": True},
    }

    layer = layer_of_protection(TypeAdapter(ProtectionAnswer).validate_python(answer))

    assert layer.spares == ("administrators", "ana", "ml-admins")
    assert layer.statuses == (RequiredStatus("tests", 15368), RequiredStatus("registrar: main"))
    assert (layer.needs_code_owners, layer.dismisses_stale, layer.needs_pull_request) == (True, True, True)
    assert (layer.forbids_force, layer.forbids_deletion) == (False, True)


def test_protection_without_reviews_needs_no_pull_request() -> None:
    layer = layer_of_protection(ProtectionAnswer())

    assert (layer.needs_pull_request, layer.needs_code_owners, layer.statuses) == (False, False, ())


def test_the_rules_of_a_ruleset_are_one_layer() -> None:
    rules = TypeAdapter(list[RuleAnswer]).validate_python(wanted("registrar: main"))

    layer = layer_of_rules("ruleset", [*rules, RuleAnswer("required_signatures")], ())

    assert layer.statuses == (RequiredStatus("registrar: main"),)
    assert (layer.needs_pull_request, layer.needs_code_owners, layer.dismisses_stale) == (True, True, True)
    assert (layer.forbids_force, layer.forbids_deletion) == (True, True)


STRICTER: list[dict[str, Any]] = [
    {
        "type": "pull_request",
        "parameters": {
            "required_approving_review_count": 2,
            "require_code_owner_review": False,
            "require_last_push_approval": True,
            "allowed_merge_methods": ["squash"],
        },
    },
    {"type": "required_signatures"},
    {
        "type": "required_status_checks",
        "parameters": {
            "required_status_checks": [
                {"context": "tests", "integration_id": 15368},
                {"context": "registrar: main", "integration_id": 99},
            ],
            "strict_required_status_checks_policy": True,
        },
    },
]


def test_of_two_settings_the_stricter_stays_and_of_two_lists_both() -> None:
    after = {str(rule["type"]): rule.get("parameters") for rule in completed(STRICTER, wanted("registrar: main"))}

    assert after.keys() == {
        "pull_request",
        "required_signatures",
        "required_status_checks",
        "deletion",
        "non_fast_forward",
    }
    assert after["pull_request"] == {
        "required_approving_review_count": 2,
        "require_code_owner_review": True,
        "require_last_push_approval": True,
        "allowed_merge_methods": ["squash"],
        "dismiss_stale_reviews_on_push": True,
        "required_review_thread_resolution": False,
    }
    assert after["required_status_checks"] == {
        "required_status_checks": [{"context": "tests", "integration_id": 15368}, {"context": "registrar: main"}],
        "strict_required_status_checks_policy": True,
    }


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        pytest.param("on:\n  workflow_dispatch:\n    inputs: {model: {}}\n", {"model"}, id="inputs"),
        pytest.param("on: workflow_dispatch\n", set(), id="by a word"),
        pytest.param("on: [push, workflow_dispatch]\n", set(), id="in a list"),
        pytest.param("on: {workflow_dispatch: }\n", set(), id="without inputs"),
    ],
)
def test_what_a_workflow_takes_is_read_from_its_file(text: str, takes: set[str]) -> None:
    found = as_pipeline(text.encode(), "deploy.yml", page="")

    assert (found.takes, found.obstacle, found.is_titled) == (frozenset(takes), "", False)


@pytest.mark.parametrize("text", [pytest.param("on: push\n", id="push"), pytest.param("jobs: {}\n", id="nothing")])
def test_a_workflow_that_nothing_starts_by_hand_is_an_obstacle(text: str) -> None:
    assert as_pipeline(text.encode(), "deploy.yml", page="").obstacle.startswith("deploy.yml has no workflow_dispatch")


def test_an_input_is_demanded_when_it_is_required_and_has_no_default() -> None:
    inputs = "{a: {required: true}, b: {required: true, default: x}, c: {required: false}, d: }"
    text = f'run-name: "${{{{ inputs.operation }}}}"\non: {{workflow_dispatch: {{inputs: {inputs}}}}}\n'

    found = as_pipeline(text.encode(), "deploy.yml", page="")

    assert (found.demands, found.is_titled) == (frozenset({"a"}), True)


def test_a_workflow_that_cannot_be_read_cannot_be_told() -> None:
    assert isinstance(as_pipeline(b"on: [", "deploy.yml", page="").takes, Untold)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with opened(tmp_path) as found:
        found.work_tree("ana").push({"README.md": "hello"}, "Start")
        yield found


def seen_by(login: str, scene: Scene) -> GitHubSetup:
    return connect(scene.sandbox.url, REGISTRY, token=scene.token(login))


DEMAND = Demand("main", "registrar: main")


def test_a_ruleset_of_ours_that_somebody_weakened_is_made_whole_again(scene: Scene) -> None:
    ana = seen_by("ana", scene)
    ana.perform(KeepRuleset(None, "main", "registrar: main"), secrets=())
    [ruleset] = scene.sandbox.store.repository(REGISTRY).rulesets
    ruleset.enforcement, ruleset.bypass_actors = "disabled", ({"actor_type": "OrganizationAdmin"},)
    ruleset.rules = ({"type": "required_signatures"},)

    [step] = ana.walls("main").steps(DEMAND)
    ana.perform(step.change, secrets=())

    assert ana.walls("main").steps(DEMAND) == ()
    assert scene.sandbox.store.repository(REGISTRY).rulesets == [ruleset]
    assert {"type": "required_signatures"} in ruleset.rules


def test_whoever_does_not_administer_sees_the_rules_and_not_whom_they_spare(scene: Scene) -> None:
    seen_by("ana", scene).perform(KeepRuleset(None, "main", "registrar: main"), secrets=())

    findings = seen_by("raj", scene).walls("main").findings(DEMAND)

    assert {each.standing for each in findings} == {Standing.UNTOLD}


def test_a_protection_that_may_not_be_read_is_not_taken_for_none(scene: Scene) -> None:
    scene.sandbox.protect(REGISTRY, "main", required_statuses=["registrar: main"])

    walls = seen_by("raj", scene).walls("main")

    assert (walls.layers, len(walls.unseen)) == ((), 1)
    assert {each.standing for each in walls.findings(DEMAND)} == {Standing.UNTOLD}


def test_webhooks_are_for_who_administers(scene: Scene) -> None:
    with pytest.raises(NotAllowed, match="may not list the webhooks of acme/registry"):
        seen_by("raj", scene).webhooks(REGISTRY)


def test_a_webhook_is_made_and_changed_with_its_secret(scene: Scene) -> None:
    ana, url = seen_by("ana", scene), "http://127.0.0.1:9/webhooks/github"
    ana.perform(KeepWebhook(REGISTRY, None, url, frozenset({"push"})), secrets=("first", "second"))
    [made] = ana.webhooks(REGISTRY).all

    ana.perform(KeepWebhook(REGISTRY, made.id, url, frozenset({"issue_comment"})), secrets=("third",))

    [changed] = ana.webhooks(REGISTRY).all
    assert (made.signing, changed.signing) == (Signing.SECRET, Signing.SECRET)
    assert changed.events == {"push", "issue_comment"}
    assert scene.sandbox.store.repository(REGISTRY).webhooks[0].secret == "third"


def test_what_another_forge_would_do_is_no_change_of_githubs(scene: Scene) -> None:
    with pytest.raises(AssertionError, match="GitHub knows no HoldMerges"):
        seen_by("ana", scene).perform(HoldMerges(), secrets=())


@pytest.mark.parametrize(
    ("target", "says"),
    [
        pytest.param(Target(REGISTRY, "no.yml"), "acme/registry has no workflow no.yml", id="no workflow"),
        pytest.param(
            Target(REGISTRY, "deploy.yml", "release"), ".github/workflows/deploy.yml is not on release", id="no branch"
        ),
    ],
)
def test_a_pipeline_that_is_not_there_is_an_obstacle(scene: Scene, target: Target, says: str) -> None:
    workflow = "on: workflow_dispatch\njobs: {a: {runs-on: x, steps: [{run: 'true'}]}}\n"
    scene.work_tree("ana", name="other").push({".github/workflows/deploy.yml": workflow}, "Start", branch="more")
    scene.sandbox.store.repository(REGISTRY).default_branch = "more"

    found = seen_by("registrar-bot", scene).pipeline(target)

    assert not isinstance(found, Untold)
    assert found.obstacle == says


def test_of_an_app_its_account_is_told_and_that_nobody_tells_more(scene: Scene) -> None:
    scene.sandbox.add_bot("registrar[bot]")
    scene.sandbox.grant(REGISTRY, "registrar[bot]", "write")

    token = seen_by("registrar[bot]", scene).token()

    assert (token.owner.login, token.owner.is_bot) == ("registrar[bot]", True)
    assert isinstance(token.expires_at, Untold)
    assert isinstance(token.scopes, Untold)
