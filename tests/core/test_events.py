"""What must be worked on one at a time: everything about one pull request, one branch, one run."""

import pytest

from registrar.core.events import (
    BranchChecked,
    BranchPushed,
    CommentWritten,
    Event,
    HooksDue,
    JobChanged,
    KeepTags,
    PullRequestChanged,
    RunChanged,
    SendNotice,
    StartDeploy,
    SweepDue,
    WorkStopped,
    named,
)


@pytest.mark.parametrize(
    ("event", "work_key"),
    [
        pytest.param(PullRequestChanged("acme/r", 7), "acme/r#7", id="a pull request"),
        pytest.param(CommentWritten("acme/r", 7, 31), "acme/r#7", id="a comment on it"),
        pytest.param(StartDeploy("acme/r", 7, "deploy-7-0123456789abcdef"), "acme/r#7", id="a deploy of it"),
        pytest.param(BranchPushed("acme/r", "main", "a", "b"), "acme/r@main", id="a branch"),
        pytest.param(BranchChecked("acme/r", "change"), "acme/r@change", id="a check of a branch"),
        pytest.param(RunChanged("acme/app", 5, "deploy"), "acme/app!5", id="a run"),
        pytest.param(JobChanged("acme/app", 6), "acme/app!job-6", id="a job"),
        pytest.param(KeepTags("acme/r", 7), "acme/r@tags", id="tags"),
        pytest.param(
            SendNotice("acme/r", "REGISTRAR_SECRET_CHAT", "rejected", "", "", "", ""),
            "acme/r~REGISTRAR_SECRET_CHAT",
            id="a notice",
        ),
        pytest.param(WorkStopped("acme/r", "work-parked", "", "", ""), "acme/r~stopped", id="what must be told"),
        pytest.param(SweepDue("acme/r"), "acme/r~", id="a sweep"),
        pytest.param(HooksDue("acme/r"), "acme/r~hooks", id="the webhooks"),
    ],
)
def test_each_event_knows_its_work(event: Event, work_key: str) -> None:
    assert event.work_key == work_key


def test_an_event_is_named_by_its_kind_and_what_it_is_about() -> None:
    assert named(StartDeploy("acme/r", 7, "deploy-7-0123456789abcdef")) == "StartDeploy of acme/r#7"
