"""How the adapter tells its own runs on GitHub from everybody else's."""

from datetime import UTC, datetime

import pytest

from forges.github_replies import ANA, BOT, asking
from forges.replies import found
from registrar.core.pipelines import Target

OPERATION = "deploy-7-0123456789abcdef"
SINCE = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
TARGET = Target("acme/digits-ui", "deploy.yml", ref="v1")


def a_run(number: int = 3, /, **changes: object) -> dict[str, object]:
    return {
        "id": number,
        "display_title": f"digits 1.1.0 ({OPERATION})",
        "html_url": f"https://forge.example/acme/digits-ui/actions/runs/{number}",
        "created_at": "2026-01-01T12:00:01Z",
        "head_branch": "v1",
        "actor": BOT,
        "status": "queued",
    } | changes


@pytest.mark.parametrize(
    ("runs", "number"),
    [
        pytest.param([a_run(4), a_run(3)], 3, id="the first of two of ours"),
        pytest.param([a_run(actor=ANA)], None, id="one of somebody else"),
        pytest.param([a_run(actor=None)], None, id="one of nobody"),
        pytest.param([a_run(head_branch="eve")], None, id="one on another branch"),
        pytest.param([a_run(display_title="deploy")], None, id="one without a key"),
    ],
)
def test_a_run_is_ours_when_we_dispatched_it_there(runs: list[object], number: int | None) -> None:
    with asking(found(BOT), found({"total_count": len(runs), "workflow_runs": runs})) as (forge, _):
        run = forge.find_run(TARGET, OPERATION, since=SINCE)

    assert (run.id if run else None) == number
