"""What an administrator of a project on GitLab sets, and what the plan keeps from them."""

from datetime import UTC, datetime

from sandbox.gitlab_scene import REGISTRY, GitLabScene

PROJECT = f"/projects/{REGISTRY.replace('/', '%2F')}"
MAIN = f"{PROJECT}/protected_branches/main"


def a_protected_branch(gitlab_scene: GitLabScene) -> None:
    wish = {"name": "main", "push_access_level": 40, "merge_access_level": 30, "allow_force_push": True}
    gitlab_scene.answer("ana", "POST", f"{PROJECT}/protected_branches", json=wish)


CLOSED = {
    "allow_force_push": False,
    "code_owner_approval_required": True,
    "allowed_to_push": [{"id": 40, "access_level": 0}],
}


def test_on_free_a_protected_branch_hears_of_force_pushes_alone(gitlab_scene: GitLabScene) -> None:
    a_protected_branch(gitlab_scene)

    changed = gitlab_scene.answer("ana", "PATCH", MAIN, json=CLOSED).json()

    assert (changed["allow_force_push"], changed["code_owner_approval_required"]) == (False, False)
    assert [each["access_level"] for each in changed["push_access_levels"]] == [40]


def test_on_premium_it_is_closed_in_place(gitlab_scene: GitLabScene) -> None:
    gitlab_scene.sandbox.store.repository(REGISTRY).settings.is_premium = True
    a_protected_branch(gitlab_scene)

    changed = gitlab_scene.answer("ana", "PATCH", MAIN, json=CLOSED).json()

    assert (changed["allow_force_push"], changed["code_owner_approval_required"]) == (False, True)
    assert [each["access_level_description"] for each in changed["push_access_levels"]] == ["No one"]


def test_what_a_push_does_to_approvals_is_for_premium_to_say(gitlab_scene: GitLabScene) -> None:
    path, wish = f"{PROJECT}/approvals", {"reset_approvals_on_push": True}
    settings = gitlab_scene.sandbox.store.repository(REGISTRY).settings

    assert gitlab_scene.answer("ana", "POST", path, json=wish).status_code == 404
    assert "approvals_before_merge" not in gitlab_scene.answer("ana", "GET", PROJECT).json()

    settings.is_premium = True
    assert gitlab_scene.answer("raj", "POST", path, json=wish).status_code == 403
    assert gitlab_scene.answer("ana", "POST", path, json=wish).json()["reset_approvals_on_push"] is True
    assert settings.reset_approvals_on_push
    assert gitlab_scene.answer("ana", "GET", PROJECT).json()["approvals_before_merge"] == 0


def test_a_token_tells_its_scopes_and_its_end(gitlab_scene: GitLabScene) -> None:
    account = gitlab_scene.sandbox.store.account("raj")
    account.token_scopes, account.token_expires_at = ("api", "sudo"), datetime(2026, 12, 1, 12, tzinfo=UTC)

    token = gitlab_scene.answer("raj", "GET", "/personal_access_tokens/self").json()

    assert (token["scopes"], token["expires_at"]) == (["api", "sudo"], "2026-12-01")


def test_a_webhook_verifies_tls_unless_it_is_told_not_to(gitlab_scene: GitLabScene) -> None:
    hooks, wish = f"{PROJECT}/hooks", {"url": "http://127.0.0.1:9/hook", "enable_ssl_verification": False}
    made = gitlab_scene.answer("ana", "POST", hooks, json=wish).json()

    change = {"enable_ssl_verification": True, "push_events_branch_filter": "main"}
    changed = gitlab_scene.answer("ana", "PUT", f"{hooks}/{made['id']}", json=change).json()

    assert (made["enable_ssl_verification"], changed["enable_ssl_verification"]) == (False, True)
    assert changed["push_events_branch_filter"] == "main"
