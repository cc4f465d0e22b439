"""What the parser of GitLab's webhooks makes of them, and that it survives whatever is signed."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forges.gitlab_examples import a_webhook, gitlab_payloads
from registrar.core.events import (
    BranchChecked,
    BranchPushed,
    CommentWritten,
    Event,
    JobChanged,
    PullRequestChanged,
    RunChanged,
)
from registrar.errors import BadPayload
from registrar.forges.gitlab_webhook import parse
from registrar.forges.payloads import Ignored

REGISTRY = "acme/ml/registry"
BEFORE, AFTER, NONE = "a" * 40, "b" * 40, "0" * 40
KEY = "deploy-7-0123456789abcdef"
NOTE: Mapping[str, object] = {"id": 3, "note": "/registrar help", "noteable_type": "MergeRequest", "system": False}


def parsed(payload: Mapping[str, object]) -> Event | Ignored:
    return parse({"X-Gitlab-Event": "System Hook"}, json.dumps(payload).encode())


def a_note(**changes: object) -> dict[str, object]:
    return a_webhook("note", event_type="note", object_attributes={**NOTE, **changes}, merge_request={"iid": 7})


def a_push(**changes: object) -> dict[str, object]:
    return a_webhook("push", **{"ref": "refs/heads/main", "before": BEFORE, "after": AFTER, **changes})


def a_pipeline(*, merge_request: object = None, **attributes: object) -> dict[str, object]:
    return a_webhook("pipeline", object_attributes={"id": 31, **attributes}, merge_request=merge_request)


def a_job(**changes: object) -> dict[str, object]:
    return a_webhook("build", **{"build_id": 1977, "pipeline_id": 31, "commit": {"id": 31, "name": None}, **changes})


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param({"action": action}, id=action)
        for action in ("open", "close", "reopen", "update", "merge", "approved", "unapproved", "approval", "unapproval")
    ]
    + [
        pytest.param({"action": "update", "oldrev": BEFORE}, id="pushed to"),
        pytest.param({"action": "unapproval", "system": True, "system_action": "approvals_reset_on_push"}, id="reset"),
        pytest.param({"action": "surprise"}, id="an action of a later GitLab"),
        pytest.param({}, id="a template without an action"),
    ],
)
def test_a_merge_request_is_looked_at_whatever_was_done_to_it(attributes: dict[str, object]) -> None:
    event = parsed(a_webhook("merge_request", object_attributes={"iid": 7, **attributes}))

    assert event == PullRequestChanged(REGISTRY, 7)


@pytest.mark.parametrize("note", ["/registrar help", "thank you\n/Registrar help"])
@pytest.mark.parametrize("action", [{"action": "create"}, {}], ids=["action", "before 16.11"])
def test_a_note_with_a_command_is_looked_at(note: str, action: dict[str, str]) -> None:
    assert parsed(a_note(note=note, **action)) == CommentWritten(REGISTRY, 7, 3)


@pytest.mark.parametrize("before", [BEFORE, NONE], ids=["moved", "created"])
def test_a_push_to_a_branch_is_looked_at(before: str) -> None:
    event = parsed(a_push(ref="refs/heads/release/1", before=before))

    assert event == BranchPushed(REGISTRY, "release/1", before=before, after=AFTER)


@pytest.mark.parametrize(
    ("attributes", "title"),
    [
        pytest.param({"name": f"Deploy digits ({KEY})"}, f"Deploy digits ({KEY})", id="by its name"),
        pytest.param(
            {"name": None, "variables": [{"key": "REGISTRAR_OPERATION", "value": KEY}]}, KEY, id="by a variable"
        ),
        pytest.param(
            {"name": "Deploy", "variables": [{"key": "A", "value": "b"}, {"key": "REGISTRAR_OPERATION", "value": KEY}]},
            KEY,
            id="by both",
        ),
    ],
)
def test_a_pipeline_that_deploys_is_known_by_its_operation_key(attributes: dict[str, object], title: str) -> None:
    assert parsed(a_pipeline(**attributes)) == RunChanged(REGISTRY, 31, title)


def test_a_pipeline_that_checks_a_merge_request_is_a_hint_to_look_at_it() -> None:
    assert parsed(a_pipeline(name="Check", merge_request={"id": 99, "iid": 7})) == PullRequestChanged(REGISTRY, 7)


def test_a_check_that_calls_itself_a_deploy_is_a_check() -> None:
    assert parsed(a_pipeline(name=f"deploy ({KEY})", merge_request={"iid": 9})) == PullRequestChanged(REGISTRY, 9)


def test_a_pipeline_of_a_branch_is_a_hint_to_look_at_what_comes_from_there() -> None:
    assert parsed(a_pipeline(ref="change", tag=False, source="push")) == BranchChecked(REGISTRY, "change")


def test_a_job_tells_of_its_pipeline() -> None:
    assert parsed(a_job(commit={"id": 31, "name": f"Deploy {KEY}"})) == RunChanged(REGISTRY, 31, f"Deploy {KEY}")


def test_a_job_whose_pipeline_has_no_name_is_looked_up() -> None:
    assert parsed(a_job()) == JobChanged(REGISTRY, 1977)


@pytest.mark.parametrize(
    "address",
    ["git@gitlab.acme.org:acme/ml/registry.git", "ssh://git@gitlab.acme.org:2222/acme/ml/registry.git"],
)
def test_a_job_of_an_older_gitlab_names_its_project_by_the_address_for_ssh(address: str) -> None:
    event = parsed(a_job(project=None, repository={"git_ssh_url": address}))

    assert event == JobChanged(REGISTRY, 1977)


def test_a_deployment_tells_of_the_job_that_made_it() -> None:
    assert parsed(a_webhook("deployment", status="running", deployable_id=796)) == JobChanged(REGISTRY, 796)


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        pytest.param(a_note(note="well done"), "no command", id="a note without a command"),
        pytest.param(a_note(note=None), "no command", id="a note without words"),
        pytest.param(a_note(action="update"), "not new", id="an edited note"),
        pytest.param(a_note(system=True), "by itself", id="a system note"),
        pytest.param(a_note(internal=True), "internal", id="an internal note"),
        pytest.param(a_note(confidential=True), "internal", id="a confidential note"),
        pytest.param(a_note() | {"event_type": "confidential_note"}, "internal", id="a note among the confidential"),
        pytest.param(a_note(noteable_type="Issue"), "merge request", id="a note on an issue"),
        pytest.param(a_note(noteable_type="Commit"), "merge request", id="a note on a commit"),
        pytest.param(
            a_webhook("emoji", event_type="award", merge_request={"iid": 7}), "approves nothing", id="a thumb"
        ),
        pytest.param(a_push(ref="refs/tags/v1"), "no branch", id="a tag by push"),
        pytest.param(a_push(ref="main"), "no branch", id="a bare name"),
        pytest.param(a_push(after=NONE), "deleted", id="a deletion"),
        pytest.param(a_push(before="HEAD"), "no commits", id="not a commit"),
        pytest.param(a_webhook("tag_push"), "tag_push", id="a tag"),
        pytest.param(a_pipeline(name="Tests"), "operation key", id="another pipeline"),
        pytest.param(a_pipeline(ref="v1", tag=True, source="push"), "operation key", id="a pipeline of a tag"),
        pytest.param(a_pipeline(ref="change", tag=False, source="external"), "operation key", id="our own statuses"),
        pytest.param(
            a_pipeline(name=None, variables=[{"key": "A", "value": "b"}, 7]), "operation key", id="other variables"
        ),
        pytest.param(
            a_pipeline(variables=[{"key": "PASSWORD", "value": KEY}]), "operation key", id="a variable of others"
        ),
        pytest.param(a_pipeline(name=None, variables={"A": KEY}), "operation key", id="variables of another type"),
        pytest.param(a_job(commit={"name": "Tests"}), "operation key", id="a job of another pipeline"),
        pytest.param(a_job(project=None), "names no project", id="a job of nowhere"),
        pytest.param(
            a_job(project=None, repository={"git_ssh_url": "git@host:../../etc.git"}),
            "names no project",
            id="a job of a path",
        ),
        pytest.param(a_webhook("deployment", deployable_id=None), "no job", id="a deployment by API"),
        pytest.param({"event_name": "subgroup_create"}, "subgroup_create", id="an event of a group"),
        pytest.param({"event_name": "repository_update"}, "repository_update", id="an event of the instance"),
        pytest.param({"object_kind": "a\nb"}, "without a name", id="a kind of two lines"),
        pytest.param({}, "without a name", id="nothing"),
    ],
)
def test_what_is_not_for_us_is_ignored_and_says_why(payload: dict[str, object], words: str) -> None:
    result = parsed(payload)

    assert isinstance(result, Ignored)
    assert words in result.reason
    assert not result.is_odd


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(a_webhook("merge_request"), id="no merge request"),
        pytest.param(a_webhook("merge_request", object_attributes={"iid": "7"}), id="a number that is text"),
        pytest.param(a_webhook("merge_request", object_attributes={"iid": True}), id="a number that is true"),
        pytest.param(a_webhook("merge_request", object_attributes={"iid": 2**63}), id="a number beyond all"),
        pytest.param(a_webhook("merge_request", object_attributes={"iid": 7}, project=None), id="no project"),
        pytest.param(
            a_webhook("merge_request", object_attributes={"iid": 7}, project={"path_with_namespace": "../../etc"}),
            id="a project that is a path",
        ),
        pytest.param(a_note() | {"merge_request": None}, id="a note on nothing"),
        pytest.param(a_note(id=None), id="a note without an id"),
        pytest.param(a_pipeline(name=KEY, id=0), id="a pipeline without an id"),
        pytest.param(a_pipeline(merge_request={}), id="a check of nothing"),
        pytest.param(a_job(build_id=None), id="a job without an id"),
        pytest.param(a_push(project={"path_with_namespace": "registry"}), id="a project without a group"),
    ],
)
def test_what_lacks_what_gitlab_documents_is_odd(payload: dict[str, object]) -> None:
    result = parsed(payload)

    assert isinstance(result, Ignored)
    assert result.is_odd


@pytest.mark.parametrize("body", [b"", b"[]", b'{"a": 1, "a": 2}', b'{"a": "\\u0000"}', b"[" * 9000, b"\xff"])
def test_a_body_that_gitlab_cannot_have_sent_is_not_understood(body: bytes) -> None:
    with pytest.raises(BadPayload):
        parse({}, body)


UNDERSTOOD: Mapping[str, Event] = {
    "build": JobChanged("gitlab-org/gitlab-test", 1977),
    "deployment": JobChanged("root/test-deployment-webhooks", 796),
    "merge_request": PullRequestChanged("gitlabhq/gitlab-test", 1),
    "pipeline": PullRequestChanged("gitlab-org/gitlab-test", 1),
    "push": BranchPushed(
        "mike/diaspora",
        "master",
        before="95790bf891e76fee5e1747ab589903a6a1f80f22",
        after="da1560886d4f094c3e6c9ef40349f7d38b5d27d7",
    ),
    "service_merge_request": PullRequestChanged("test/woodpecker", 2),
}


def test_every_payload_that_go_gitlab_knows_means_what_it_should() -> None:
    odd = {"group_merge_request"}  # its keys were misspelt when it was written down: `iid ` with a blank

    results = {name: parsed(payload) for name, payload in gitlab_payloads().items()}

    assert {name: result for name, result in results.items() if not isinstance(result, Ignored)} == UNDERSTOOD
    assert {name for name, result in results.items() if isinstance(result, Ignored) and result.is_odd} == odd


NOTHING_MUCH: st.SearchStrategy[object] = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just([]) | st.just({})
)


@st.composite
def mutated(draw: st.DrawFn, node: Any) -> Any:
    """The same, but here and there a key is gone, or a value is another."""
    fate = draw(st.integers(0, 19))
    if fate == 0:
        return draw(NOTHING_MUCH)
    if isinstance(node, dict):
        dropped = draw(st.sets(st.sampled_from(sorted(node)), max_size=2)) if node else set()
        return {key: draw(mutated(value)) for key, value in node.items() if key not in dropped}
    if isinstance(node, list):
        return [draw(mutated(item)) for item in node[:2]]
    return node


BODIES = st.sampled_from(
    [*gitlab_payloads().values(), a_note(), a_push(), a_pipeline(name=KEY), a_job(), a_webhook("emoji")]
).flatmap(mutated)


@given(BODIES.map(lambda payload: json.dumps(payload).encode()) | st.binary())
def test_whatever_is_signed_is_understood_ignored_or_refused(body: bytes) -> None:
    try:
        result = parse({}, body)
    except BadPayload:
        return

    assert isinstance(result, Event | Ignored)
