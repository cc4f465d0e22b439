from typing import Any

import pytest
from github import GithubException

from sandbox.scene import REGISTRY, Scene

RULES: list[dict[str, Any]] = [
    {
        "type": "pull_request",
        "parameters": {
            "dismiss_stale_reviews_on_push": True,
            "require_code_owner_review": False,
            "require_last_push_approval": False,
            "required_approving_review_count": 1,
            "required_review_thread_resolution": False,
        },
    },
    {
        "type": "required_status_checks",
        "parameters": {
            "required_status_checks": [{"context": "registrar: main"}],
            "strict_required_status_checks_policy": False,
        },
    },
]
PATH = f"/repos/{REGISTRY}/rulesets"


def a_ruleset(include: str = "refs/heads/main", **changes: Any) -> dict[str, Any]:
    conditions = {"ref_name": {"include": [include], "exclude": []}}
    return {"name": "four eyes", "enforcement": "active", "conditions": conditions, "rules": RULES} | changes


def test_a_ruleset_is_added_read_changed_and_taken_away(scene: Scene) -> None:
    made = scene.answer("ana", "POST", PATH, a_ruleset(bypass_actors=[{"actor_type": "OrganizationAdmin"}]))
    one = f"{PATH}/{made.json()['id']}"

    changed = scene.answer("ana", "PUT", one, a_ruleset(name="more eyes"))

    assert (made.status_code, changed.status_code) == (201, 200)
    assert [each["name"] for each in scene.answer("mei", "GET", PATH).json()] == ["more eyes"]
    assert scene.answer("ana", "GET", one).json()["rules"] == RULES
    assert scene.answer("ana", "DELETE", one).status_code == 204
    assert scene.answer("ana", "GET", one).status_code == 404


def test_whom_a_ruleset_spares_is_told_to_those_alone_who_may_change_it(scene: Scene) -> None:
    one = f"{PATH}/{scene.answer('ana', 'POST', PATH, a_ruleset()).json()['id']}"

    assert scene.answer("ana", "GET", one).json()["bypass_actors"] == []
    assert "bypass_actors" not in scene.answer("raj", "GET", one).json()
    assert scene.answer("raj", "PUT", one, a_ruleset()).status_code == 403


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        pytest.param({}, 2, id="by name"),
        pytest.param({"include": "~DEFAULT_BRANCH"}, 2, id="the default branch"),
        pytest.param({"include": "~ALL"}, 2, id="every branch"),
        pytest.param({"include": "refs/heads/m*"}, 2, id="by pattern"),
        pytest.param({"include": "refs/heads/release"}, 0, id="another"),
        pytest.param({"enforcement": "disabled"}, 0, id="switched off"),
        pytest.param(
            {"conditions": {"ref_name": {"include": ["~ALL"], "exclude": ["refs/heads/main"]}}}, 0, id="excluded"
        ),
    ],
)
def test_the_rules_of_a_branch_are_told_to_whoever_may_read(scene: Scene, change: dict[str, Any], rules: int) -> None:
    scene.answer("ana", "POST", PATH, a_ruleset(**change))

    found = scene.answer("mei", "GET", f"/repos/{REGISTRY}/rules/branches/main").json()

    assert len(found) == rules
    assert all(each["ruleset_source"] == REGISTRY for each in found)


def test_a_ruleset_holds_merges_and_closes_the_branch(scene: Scene) -> None:
    pull = scene.pull_request()
    scene.answer("ana", "POST", PATH, a_ruleset())

    with pytest.raises(GithubException, match=r'"registrar: main" is expected\. At least 1 approving review'):
        pull.merge(sha=pull.head.sha)

    pull.base.repo.get_commit(pull.head.sha).create_status("success", context="registrar: main")
    scene.registry("ana").get_pull(pull.number).create_review(event="APPROVE")
    assert pull.merge(sha=pull.head.sha).merged


def test_nobody_pushes_to_a_branch_that_a_ruleset_guards(scene: Scene) -> None:
    tree = scene.work_tree("ana")
    tree.push({"README.md": "hello"}, "Start")
    scene.answer("ana", "POST", PATH, a_ruleset())
    tree.commit({"README.md": "hello again"}, "Change")

    said = tree.git("push", "origin", "HEAD:main", succeeds=False)

    assert "rejected" in said
    tree.git("push", "--quiet", "origin", "HEAD:other")


def test_a_ruleset_and_a_protection_hold_together(scene: Scene) -> None:
    scene.sandbox.protect(REGISTRY, "main", required_statuses=["tests"], spares_admins=True)
    pull = scene.pull_request(author="ana")
    scene.answer("ana", "POST", PATH, a_ruleset())

    with pytest.raises(GithubException, match=r'"tests" is expected\. Required status check "registrar: main"'):
        pull.merge(sha=pull.head.sha)


def test_github_says_which_names_of_codeowners_it_cannot_use(scene: Scene) -> None:
    text = "# who\n* @ana @nobody ana@example.org\n/models/ @mei @acme/ml-admins zoe\n"
    scene.work_tree("raj").push({"CODEOWNERS": text}, "Start")

    found = scene.answer("mei", "GET", f"/repos/{REGISTRY}/codeowners/errors").json()["errors"]

    assert [(each["line"], each["column"], each["kind"]) for each in found] == [
        (2, 8, "Unknown owner"),
        (3, 10, "Unknown owner"),
        (3, 15, "Unknown owner"),
        (3, 31, "Invalid owner"),
    ]


def test_without_codeowners_there_are_no_errors_to_read(scene: Scene) -> None:
    scene.work_tree("raj").push({"README.md": "hello"}, "Start")

    assert scene.answer("mei", "GET", f"/repos/{REGISTRY}/codeowners/errors?ref=main").status_code == 404
