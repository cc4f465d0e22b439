"""What GitHub tells of the environments that keep secrets."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from registrar.core.setup import Untold
from registrar.core.setup_environments import Environment
from registrar.forges.github_setup import connect
from sandbox.scene import REGISTRY, Scene, opened

ENVIRONMENT = f"/repos/{REGISTRY}/environments/registrar"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with opened(tmp_path) as found:
        yield found


def test_for_which_branches_an_environment_is_is_told(scene: Scene) -> None:
    ana, path = (
        connect(scene.sandbox.url, REGISTRY, token=scene.token("ana")),
        f"/repos/{REGISTRY}/environments/registrar",
    )
    bot = connect(scene.sandbox.url, REGISTRY, token=scene.token("registrar-bot"))
    page = f"{scene.sandbox.url}/{REGISTRY}/settings/environments"
    named = {"deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True}}

    missing, unseen = ana.environment("registrar"), bot.environment("registrar")
    scene.answer("ana", "PUT", path, {})
    for_all = ana.environment("registrar")
    scene.answer("ana", "PUT", path, named)
    for policy in ({"name": "main"}, {"name": "v*", "type": "tag"}):
        scene.answer("ana", "POST", f"{path}/deployment-branch-policies", policy)

    assert missing == Environment("registrar", page, None, is_there=False)
    assert isinstance(unseen, Untold)
    assert for_all == Environment("registrar", page, None, is_for_all=True)
    assert ana.environment("registrar") == Environment("registrar", page, ("main",), ("v*",))


def test_an_environment_is_made_by_who_administers_and_is_for_one_kind_of_branches(scene: Scene) -> None:
    path = ENVIRONMENT
    both = {"deployment_branch_policy": {"protected_branches": True, "custom_branch_policies": True}}

    assert scene.answer("raj", "PUT", path, {}).status_code == 403
    assert scene.answer("ana", "PUT", path, both).status_code == 422
    assert scene.answer("ana", "PUT", path, {}).status_code == 200
    assert scene.answer("ana", "POST", f"{path}/deployment-branch-policies", {"name": "main"}).status_code == 404
