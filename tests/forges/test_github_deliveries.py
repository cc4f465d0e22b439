"""What the parser makes of webhooks that were really sent and really signed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forges.contract import APPLICATION, REGISTRY
from forges.contract_github import GitHubPlace, github_place
from registrar.core.events import BranchPushed, CommentWritten, Event, PullRequestChanged, RunChanged
from registrar.core.pull_requests import ReviewState
from registrar.errors import BadSignature
from registrar.forges.github_webhook import delivery_id, parse, verify
from registrar.forges.payloads import Ignored
from sandbox.scene import Receiver, receiving

SECRET = "the secret of the hook"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[GitHubPlace]:
    with github_place(tmp_path) as found:
        yield found


@pytest.fixture
def receiver(place: GitHubPlace) -> Iterator[Receiver]:
    with receiving() as found:
        for repository in (REGISTRY, APPLICATION):
            place.scene.sandbox.add_webhook(repository, found.url, SECRET)
        yield found
        place.settle()


def told(place: GitHubPlace, receiver: Receiver) -> list[Event]:
    """What the webhooks so far mean, every signature verified."""
    place.settle()
    results = []
    for received in receiver.received:
        verify(received.headers, received.body, [SECRET], now=NOW)
        results.append(parse(received.headers, received.body))
    return [result for result in results if not isinstance(result, Ignored)]


def test_a_pull_request_from_opening_to_merge_is_told(place: GitHubPlace, receiver: Receiver) -> None:
    before = place.push("raj", "main", {"README.md": "Models\n"})
    place.push("raj", "promote", {"status.yaml": "Production: 1.0.0\n"})
    number = place.propose("raj", "promote")
    place.review("ana", number, ReviewState.APPROVED)
    comment = place.write("raj", number, "/registrar help")
    place.write("raj", number, "thank you")
    landed = place.merge("ana", number)

    events = told(place, receiver)

    changed = PullRequestChanged(REGISTRY, number)
    assert events.count(changed) == 3
    assert [event for event in events if isinstance(event, CommentWritten)] == [
        CommentWritten(REGISTRY, number, comment)
    ]
    assert BranchPushed(REGISTRY, "main", before=before, after=landed) in events


def test_a_run_is_told_with_its_title(place: GitHubPlace, receiver: Receiver) -> None:
    operation = "deploy-7-0123456789abcdef"
    run = place.forge.start_pipeline(place.pipeline, {"operation": operation, "version": "1.0.0"})

    events = told(place, receiver)

    assert run is not None
    assert set(events) == {RunChanged(APPLICATION, run.id, f"Deploy {operation}")}


def test_every_delivery_has_its_own_name(place: GitHubPlace, receiver: Receiver) -> None:
    place.push("raj", "main", {"README.md": "Models\n"})
    place.push("raj", "main", {"README.md": "Our models\n"})
    place.settle()

    names = [delivery_id(received.headers, received.body) for received in receiver.received]

    assert len(set(names)) == len(names) >= 2


def test_a_delivery_that_was_altered_on_its_way_is_refused(place: GitHubPlace, receiver: Receiver) -> None:
    place.push("raj", "main", {"README.md": "Models\n"})
    place.settle()
    received = receiver.received[0]

    with pytest.raises(BadSignature):
        verify(received.headers, received.body.replace(b"acme", b"evil"), [SECRET], now=NOW)
