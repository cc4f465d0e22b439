from typing import Any

from sandbox.scene import REGISTRY, Scene

PATH = f"/repos/{REGISTRY}/hooks"
CONFIG = {"url": "http://127.0.0.1:9/hook", "content_type": "json", "secret": "s3cret", "insecure_ssl": "1"}


def a_hook(scene: Scene, **changes: Any) -> str:
    """The path of a new webhook."""
    hook = {"name": "web", "config": CONFIG, "events": ["push"], **changes}
    return f"{PATH}/{scene.answer('ana', 'POST', PATH, hook).json()['id']}"


def test_events_are_added_to_a_webhook_and_the_rest_stays(scene: Scene) -> None:
    one = a_hook(scene, active=False)

    changed = scene.answer("ana", "PATCH", one, {"add_events": ["issue_comment", "push"]}).json()

    assert (changed["events"], changed["active"]) == (["push", "issue_comment"], False)
    assert changed["config"] == CONFIG | {"secret": "********"}


def test_a_change_without_the_secret_takes_it_away(scene: Scene) -> None:
    one = a_hook(scene)

    changed = scene.answer("ana", "PATCH", one, {"config": {"url": CONFIG["url"], "content_type": "json"}}).json()

    assert changed["config"] == {"url": CONFIG["url"], "content_type": "json", "insecure_ssl": "0"}


def test_a_webhook_that_is_deleted_is_told_nothing(scene: Scene) -> None:
    one = a_hook(scene)

    assert scene.answer("raj", "DELETE", one).status_code == 403
    assert scene.answer("ana", "DELETE", one).status_code == 204
    assert scene.answer("ana", "GET", one).status_code == 404
