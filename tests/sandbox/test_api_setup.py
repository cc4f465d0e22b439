from pathlib import Path

import httpx
import pytest

from loopback import PLAIN
from registrar.sandbox import Sandbox
from registrar.sandbox.refusals import Invalid, NotFound
from registrar.sandbox.runs import RunState
from sandbox.scene import REGISTRY, Receiver, Scene


def test_a_sandbox_serves_where_it_says_and_then_no_more(tmp_path: Path) -> None:
    with Sandbox.serve(tmp_path) as sandbox:
        token = sandbox.add_user("ana", name="Ana").token
        found = httpx.get(f"{sandbox.url}/api/v3/user", headers={"Authorization": f"token {token}"}, verify=PLAIN)

    assert found.json()["name"] == "Ana"
    with pytest.raises(httpx.ConnectError):
        httpx.get(sandbox.url, verify=PLAIN)


def test_two_sandboxes_know_nothing_of_each_other(tmp_path: Path) -> None:
    with Sandbox.serve(tmp_path / "one") as one, Sandbox.serve(tmp_path / "two") as two:
        token = one.add_user("ana").token

        answer = httpx.get(f"{two.url}/api/v3/user", headers={"Authorization": f"token {token}"}, verify=PLAIN)

    assert answer.status_code == 401


def test_ids_are_the_same_each_time(tmp_path: Path) -> None:
    with Sandbox.serve(tmp_path) as sandbox:
        ids = [sandbox.add_user("ana").id, sandbox.add_user("raj").id, sandbox.add_bot("registrar[bot]").id]

    assert ids == [1, 2, 3]


@pytest.mark.parametrize("login", [pytest.param("ANA", id="taken"), pytest.param("a/b", id="no login")])
def test_a_login_that_cannot_be_is_refused(scene: Scene, login: str) -> None:
    with pytest.raises(Invalid, match=login):
        scene.sandbox.add_user(login)


def test_a_repository_is_made_once(scene: Scene) -> None:
    with pytest.raises(Invalid, match=REGISTRY):
        scene.sandbox.add_repository(REGISTRY)


def test_nobody_is_granted_what_is_not_there(scene: Scene) -> None:
    with pytest.raises(NotFound, match="acme/nobody"):
        scene.sandbox.grant(REGISTRY, "acme/nobody", "write")


def test_a_delivery_can_be_sent_again(scene: Scene, receiver: Receiver) -> None:
    scene.sandbox.drain()
    (ping,) = scene.sandbox.deliveries

    scene.sandbox.redeliver(ping)

    scene.sandbox.drain()
    first, again = scene.sandbox.deliveries
    assert receiver.names == ["ping", "ping"]
    assert (first.guid, first.is_redelivery, again.guid, again.is_redelivery) == (ping.guid, False, ping.guid, True)


def test_a_run_sees_variables_and_its_own_token(scene: Scene) -> None:
    scene.sandbox.add_variable(REGISTRY, "STAGE", "Production")
    script = 'test "${{ vars.STAGE }}" = Production && test -n "${{ github.token }}"'
    workflow = f"on: workflow_dispatch\njobs:\n  deploy:\n    runs-on: x\n    steps:\n      - run: {script!r}\n"
    scene.work_tree("ana").push({".github/workflows/deploy.yml": workflow}, "Start")

    assert scene.registry("raj").get_workflow("deploy.yml").create_dispatch("main")

    scene.sandbox.drain()
    assert scene.registry("raj").get_workflow_runs()[0].conclusion == "success"


def test_waiting_has_an_end_and_so_has_a_run_when_the_forge_goes_down(tmp_path: Path) -> None:
    workflow = "on: workflow_dispatch\njobs:\n  wait:\n    runs-on: x\n    steps:\n      - run: sleep 60\n"
    with Sandbox.serve(tmp_path / "forge") as sandbox:
        sandbox.add_user("ana")
        sandbox.add_repository("ana/slow")
        scene = Scene(sandbox, tmp_path)
        scene.work_tree("ana", repository="ana/slow").push({".github/workflows/wait.yml": workflow}, "Start")
        scene.github("ana").get_repo("ana/slow").get_workflow("wait.yml").create_dispatch("main")

        with pytest.raises(TimeoutError, match="still busy"):
            sandbox.drain(0.05)

    assert [run.state for run in sandbox.store.repository("ana/slow").runs] == [RunState.FAILED]
