"""What GitLab tells of a set-up, read from answers as it publishes them, and changed over HTTP."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from gitlab import GitlabError
from pydantic import TypeAdapter

from registrar.core.people import Permission, Person
from registrar.core.pipelines import Passing, Target
from registrar.core.setup import Demand, Standing, Untold, problems_in
from registrar.core.setup_changes import KeepRuleset, KeepVariables, KeepWebhook, RequireOwners
from registrar.core.setup_jobs import Schedules
from registrar.core.setup_token import Scopes
from registrar.core.setup_variables import VariableRule
from registrar.core.setup_webhooks import Signing
from registrar.errors import ForgeRefused, NotAllowed
from registrar.forges.gitlab_setup import GitLabSetup, connect
from registrar.forges.gitlab_setup_answers import (
    HookAnswer,
    HookEventAnswer,
    ProjectSettings,
    ProtectedBranchAnswer,
    TokenAnswer,
)
from registrar.forges.gitlab_setup_meanings import expiry_of, rule_of, scopes_of, variables_of, webhook_of
from registrar.sandbox.accounts import Role
from registrar.sandbox.store import Protection, Repository
from sandbox.gitlab_scene import REGISTRY, GitLabScene, opened

SIGNING_TOKEN = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
HOOK = {"id": 3, "url": "https://bot.example.org/webhooks/gitlab", "push_events": True}
URL = "http://127.0.0.1:9/webhooks/gitlab"


@pytest.mark.parametrize(
    ("scopes", "lacking", "excessive"),
    [
        pytest.param(["api"], (), (), id="enough"),
        pytest.param(["read_api", "write_repository"], ("api",), (), id="too little"),
        pytest.param(["api", "sudo", "admin_mode"], (), ("sudo", "admin_mode"), id="too much"),
    ],
)
def test_scopes_are_held_against_what_the_bot_needs(
    scopes: list[str], lacking: tuple[str, ...], excessive: tuple[str, ...]
) -> None:
    found = scopes_of(TypeAdapter(TokenAnswer).validate_python({"scopes": scopes}))

    assert found == Scopes(tuple(scopes), lacking, excessive)


def test_what_a_fine_grained_token_may_do_is_told_by_nobody() -> None:
    assert isinstance(scopes_of(TokenAnswer(("granular",))), Untold)


@pytest.mark.parametrize(
    ("day", "end"),
    [pytest.param(None, None, id="never"), pytest.param("2026-12-01", datetime(2026, 12, 1, tzinfo=UTC), id="a day")],
)
def test_a_token_ends_as_its_last_day_begins(day: str | None, end: datetime | None) -> None:
    assert expiry_of(TypeAdapter(TokenAnswer).validate_python({"scopes": [], "expires_at": day})) == end


def a_hook(*events: HookEventAnswer, **changes: Any) -> Any:
    answer = TypeAdapter(HookAnswer).validate_python(HOOK | changes)
    return webhook_of(answer, events, page="https://gitlab.com/hooks", is_shared=False)


@pytest.mark.parametrize(
    ("told", "signing"),
    [
        pytest.param({"token_present": False, "signing_token_present": False}, Signing.NOTHING, id="nothing"),
        pytest.param({"token_present": True, "signing_token_present": False}, Signing.SECRET, id="a plain token"),
        pytest.param({"token_present": True, "signing_token_present": True}, Signing.SIGNATURE, id="both"),
        pytest.param({"token_present": False, "signing_token_present": True}, Signing.SIGNATURE, id="a signing token"),
    ],
)
def test_a_webhook_tells_how_it_is_signed(told: dict[str, bool], signing: Signing) -> None:
    assert a_hook(**told).signing is signing


def test_an_older_gitlab_does_not_tell_how_a_webhook_is_signed() -> None:
    assert isinstance(a_hook().signing, Untold)


@pytest.mark.parametrize(
    ("hook", "standing", "says"),
    [
        pytest.param(a_hook(), Standing.UNTOLD, "nothing was delivered", id="none"),
        pytest.param(a_hook(HookEventAnswer("push_hooks", "202")), Standing.OK, "arrived", id="arrived"),
        pytest.param(a_hook(HookEventAnswer("push_hooks", 200)), Standing.OK, "arrived", id="arrived, as a number"),
        pytest.param(a_hook(HookEventAnswer("push_hooks", "503")), Standing.PROBLEM, "did not arrive: 503", id="lost"),
        pytest.param(
            a_hook(HookEventAnswer("push_hooks", "internal error")), Standing.PROBLEM, "internal error", id="no answer"
        ),
        pytest.param(a_hook(HookEventAnswer("push_hooks", "401")), Standing.PROBLEM, "two secrets", id="refused"),
        pytest.param(a_hook(alert_status="disabled"), Standing.PROBLEM, "has switched it off after", id="off"),
        pytest.param(
            a_hook(alert_status="temporarily_disabled", disabled_until="2026-03-01T12:00:00Z"),
            Standing.PROBLEM,
            "switched it off until 2026-03-01 12:00 UTC",
            id="off for a while",
        ),
    ],
)
def test_whether_a_webhook_arrives_is_told(hook: Any, standing: Standing, says: str) -> None:
    assert (hook.delivery.standing, says in hook.delivery.says) == (standing, True)


def test_what_keeps_events_from_the_bot_is_told() -> None:
    hook = a_hook(push_events_branch_filter="release/*", custom_webhook_template="{}", enable_ssl_verification=False)

    assert (hook.pushes_to, hook.verifies_tls) == ("release/*", False)
    assert hook.hindrances == ("a template of its own alters what it tells",)


def test_a_deploy_key_a_group_and_a_user_are_no_roles() -> None:
    levels = [
        {"id": 1, "access_level": 40, "access_level_description": "Maintainers"},
        {"id": 2, "access_level": 40, "access_level_description": "Deploy key", "deploy_key_id": 1},
        {"id": 3, "access_level": None, "access_level_description": "A group", "group_id": 1234},
        {"id": 4, "access_level": 40, "access_level_description": "ana", "user_id": 1},
    ]
    answer = {"name": "main", "push_access_levels": levels, "merge_access_levels": []}

    rule = rule_of(TypeAdapter(ProtectedBranchAnswer).validate_python(answer))

    assert [(each.level, each.user, each.is_inexact) for each in rule.push] == [
        (40, None, False),
        (None, None, False),
        (None, None, True),
        (None, 1, False),
    ]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[GitLabScene]:
    with opened(tmp_path) as found:
        yield found


def seen_by(login: str, scene: GitLabScene) -> GitLabSetup:
    return connect(scene.sandbox.url, REGISTRY, token=scene.token(login))


def project(scene: GitLabScene) -> Repository:
    return scene.sandbox.store.repository(REGISTRY)


def demand(scene: GitLabScene) -> Demand:
    bot = scene.sandbox.store.account("registrar-bot")
    return Demand("main", "registrar: main", Person(bot.id, bot.login, is_bot=True), Permission.WRITE)


@pytest.mark.parametrize("premium", [pytest.param(False, id="Free"), pytest.param(True, id="Premium")])
def test_a_protected_branch_is_closed_whatever_the_plan(scene: GitLabScene, *, premium: bool) -> None:
    project(scene).settings.is_premium = premium
    project(scene).protections["main"] = Protection(push_role=Role.MAINTAIN, merge_role=Role.WRITE, allows_force=True)
    ana = seen_by("ana", scene)

    for step in ana.walls("main").steps(demand(scene)):
        ana.perform(step.change, secrets=())

    after = ana.walls("main")
    assert after.steps(demand(scene)) == ()
    assert problems_in(after.findings(demand(scene))) == ()
    assert project(scene).protections["main"] == Protection(
        push_role=None, merge_role=Role.WRITE, code_owner_review=premium
    )


def test_who_may_merge_is_left_to_a_person_where_the_bot_may_not(scene: GitLabScene) -> None:
    project(scene).protections["main"] = Protection(push_role=Role.MAINTAIN, merge_role=Role.MAINTAIN)
    ana = seen_by("ana", scene)

    for step in ana.walls("main").steps(demand(scene)):
        ana.perform(step.change, secrets=())

    [left] = problems_in(ana.walls("main").findings(demand(scene)))
    assert left.check == "branch protection, the bot"
    assert project(scene).protections["main"].merge_role is Role.MAINTAIN


def test_a_plan_that_overhears_a_wish_has_refused_it(scene: GitLabScene) -> None:
    project(scene).protections["main"] = Protection()

    with pytest.raises(ForgeRefused, match="the plan may not have it"):
        seen_by("ana", scene).perform(RequireOwners("main"), secrets=())


@pytest.mark.parametrize(
    ("secrets", "plain", "signing"),
    [
        pytest.param(("plain",), "plain", "", id="a plain one"),
        pytest.param((SIGNING_TOKEN,), "", SIGNING_TOKEN, id="a signing token"),
        pytest.param((SIGNING_TOKEN, "plain"), "plain", SIGNING_TOKEN, id="a plain one for an older GitLab beside it"),
    ],
)
def test_a_webhook_gets_the_secrets_that_there_are(
    scene: GitLabScene, secrets: tuple[str, ...], plain: str, signing: str
) -> None:
    ana = seen_by("ana", scene)
    ana.perform(KeepWebhook(REGISTRY, None, URL, frozenset({"note_events"})), secrets=())
    [made] = ana.webhooks(REGISTRY).all

    ana.perform(KeepWebhook(REGISTRY, made.id, URL, frozenset({"push_events"})), secrets=secrets)

    [hook] = project(scene).webhooks
    assert (hook.secret, hook.signing_token, set(hook.events)) == (plain, signing, {"note", "push"})


def test_webhooks_are_for_maintainers(scene: GitLabScene) -> None:
    with pytest.raises(NotAllowed, match="it needs the Maintainer role"):
        seen_by("raj", scene).webhooks(REGISTRY)


def test_what_another_forge_would_do_is_no_change_of_gitlabs(scene: GitLabScene) -> None:
    with pytest.raises(AssertionError, match="GitLab knows no KeepRuleset"):
        seen_by("ana", scene).perform(KeepRuleset(None, "main", "registrar: main"), secrets=())


def test_a_role_by_an_invited_group_counts(scene: GitLabScene) -> None:
    scene.sandbox.add_team("acme/bots", ["mei"])
    scene.sandbox.grant(REGISTRY, "acme/bots", "write")

    assert seen_by("mei", scene).rights().names == "Developer"
    assert seen_by("eve", scene).rights().names == "no role"


TARGET = Target(REGISTRY, "deploy")


@pytest.mark.parametrize(
    ("login", "target", "says"),
    [
        pytest.param("mei", TARGET, "the bot's account has Reporter there, and developers start pipelines", id="role"),
        pytest.param(
            "registrar-bot",
            replace(TARGET, ref="guarded"),
            "guarded is protected there, and the bot may not merge into it",
            id="guarded branch",
        ),
        pytest.param(
            "ana",
            replace(TARGET, passing=Passing.VARIABLES),
            "variables are for no one allowed there",
            id="variables",
        ),
        pytest.param("registrar-bot", TARGET, ".gitlab-ci.yml is not on main", id="no file"),
        pytest.param("registrar-bot", replace(TARGET, repository="acme/nothing"), "GitLab found nothing", id="nothing"),
    ],
)
def test_what_keeps_a_pipeline_from_being_started_is_an_obstacle(
    scene: GitLabScene, login: str, target: Target, says: str
) -> None:
    scene.work_tree("ana").push({"README.md": "hello"}, "Start")
    project(scene).protections["guarded"] = Protection(merge_role=Role.MAINTAIN)
    project(scene).settings.ci_pipeline_variables_minimum_override_role = "no_one_allowed"

    found = seen_by(login, scene).pipeline(target)

    assert not isinstance(found, Untold)
    assert found.obstacle.startswith(says)


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param({"restrict_user_defined_variables": True}, VariableRule("maintainer", is_heeded=True), id="16"),
        pytest.param(
            {
                "restrict_user_defined_variables": False,
                "ci_pipeline_variables_minimum_override_role": "maintainer",
            },
            VariableRule("maintainer", is_heeded=False),
            id="a role that nobody heeds",
        ),
    ],
)
def test_who_gives_variables_is_read_as_gitlab_heeds_it(told: dict[str, Any], rule: VariableRule | None) -> None:
    answer = TypeAdapter(ProjectSettings).validate_python({"path_with_namespace": REGISTRY, **told})

    assert variables_of(answer) == rule


def test_whom_variables_are_kept_from_is_told_to_maintainers_and_changed_by_them(scene: GitLabScene) -> None:
    settings = project(scene).settings
    settings.restrict_user_defined_variables = False

    assert seen_by("registrar-bot", scene).walls("main").variables is None
    assert seen_by("ana", scene).walls("main").variables == VariableRule("developer", is_heeded=False)
    seen_by("ana", scene).perform(KeepVariables(), secrets=())

    assert seen_by("ana", scene).walls("main").variables == VariableRule("maintainer", is_heeded=True)


def test_who_may_create_protected_tags_is_told_to_maintainers(scene: GitLabScene) -> None:
    project(scene).protected_tags["v*"] = Role.WRITE

    bots, anas = (seen_by(login, scene).walls("main").tags for login in ("registrar-bot", "ana"))

    assert isinstance(bots, Untold)
    assert "was not checked: " in bots.why
    assert not isinstance(anas, Untold)
    assert [(rule.name, [each.level for each in rule.create]) for rule in anas] == [("v*", [30])]


@pytest.mark.parametrize(("login", "is_told"), [("registrar-bot", False), ("ana", True)])
def test_whether_a_pipeline_takes_variables_is_told_to_maintainers(
    scene: GitLabScene,
    login: str,
    is_told: bool,  # noqa: FBT001 - a column
) -> None:
    scene.work_tree("ana").push({".gitlab-ci.yml": "job: {script: [x]}\n"}, "Start")

    found = seen_by(login, scene).pipeline(replace(TARGET, passing=Passing.VARIABLES))

    assert not isinstance(found, Untold)
    assert (found.obstacle, isinstance(found.takes, Untold)) == ("", not is_told)


def test_a_trigger_token_starts_what_the_bot_may_not(scene: GitLabScene) -> None:
    scene.work_tree("ana").push({".gitlab-ci.yml": "job: {script: [x]}\n"}, "Start")
    project(scene).protections["main"] = Protection(merge_role=Role.MAINTAIN)

    found = seen_by("mei", scene).pipeline(replace(TARGET, trigger_token="glptt-x"))

    assert not isinstance(found, Untold)
    assert found.obstacle == ""


def test_of_schedules_those_count_that_are_on_and_of_the_base(scene: GitLabScene) -> None:
    scene.work_tree("ana").push({"README.md": "hello"}, "Start")
    scene.work_tree("ana", name="other").push({"README.md": "hello"}, "Start", branch="other")
    schedules = scene.registry("ana").pipelineschedules
    for ref, active in (("main", True), ("main", False), ("other", True)):
        schedules.create({"description": "bot", "ref": ref, "cron": "*/10 * * * *", "active": active})

    found = seen_by("registrar-bot", scene).schedules("main")

    assert found == Schedules(("*/10 * * * *",), f"{scene.sandbox.url}/{REGISTRY}/-/pipeline_schedules")
    assert len(schedules.list(get_all=True)) == 3
    for wrong in ({"ref": "none", "cron": "* * * * *"}, {"ref": "main", "cron": "never"}):
        with pytest.raises(GitlabError, match="400"):
            schedules.create({"description": "bot"} | wrong)
