"""A run of a workflow on the sandbox forge: what started it, where it stands, what its steps said."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from registrar.sandbox.accounts import Account


class RunState(StrEnum):
    """Where a run is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen."""
        return self in {RunState.SUCCEEDED, RunState.FAILED}


@dataclass(frozen=True, slots=True)
class StepLog:
    """What one step of a run said, and how it ended; no conclusion: it has not."""

    job: str
    step: str
    text: str
    conclusion: str  # success, failure, skipped


@dataclass(slots=True, eq=False)
class WorkflowRun:
    """One run of one workflow file at one commit."""

    id: int
    number: int  # of this workflow file
    workflow_path: str  # .github/workflows/deploy.yml
    workflow_name: str
    title: str
    branch: str
    sha: str
    actor: Account
    inputs: dict[str, str]
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = None
    state: RunState = RunState.QUEUED
    summary: str = ""  # Markdown that the run wrote about itself
    logs: list[StepLog] = field(default_factory=list)  # one of each step that began, in order

    def log(self, piece: StepLog) -> None:
        """Add what a step said, or how it ended, to what it said before."""
        last = self.logs[-1] if self.logs else None
        if last is not None and not last.conclusion and (last.job, last.step) == (piece.job, piece.step):
            self.logs[-1] = StepLog(piece.job, piece.step, last.text + piece.text, piece.conclusion)
        else:
            self.logs.append(piece)
