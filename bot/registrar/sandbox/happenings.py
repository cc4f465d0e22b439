"""What can happen on the sandbox forge that others want to be told."""

from dataclasses import dataclass, field
from enum import StrEnum

from registrar.sandbox.accounts import Account
from registrar.sandbox.hooks import Webhook
from registrar.sandbox.pipelines import Deployment, Job, Pipeline
from registrar.sandbox.runs import WorkflowRun
from registrar.sandbox.store import Push, Repository, Status
from registrar.sandbox.threads import Comment, PullRequest, Review, ReviewState, Thread


class PullRequestMove(StrEnum):
    """What was done to a pull request."""

    OPENED = "opened"
    PUSHED = "pushed"
    EDITED = "edited"
    READY = "ready"
    DRAFTED = "drafted"
    CLOSED = "closed"  # merged or not
    REOPENED = "reopened"


class CommentMove(StrEnum):
    """What was done to a comment."""

    CREATED = "created"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class WebhookAdded:
    """Someone wants to be told from now on."""

    repository: Repository
    actor: Account
    webhook: Webhook


@dataclass(frozen=True, slots=True)
class Pushed:
    """A branch or a tag moved."""

    repository: Repository
    actor: Account
    push: Push


@dataclass(frozen=True, slots=True)
class PullRequestMoved:
    """A pull request is not what it was."""

    repository: Repository
    actor: Account
    pull_request: PullRequest
    move: PullRequestMove
    before: str = ""  # the head before a push
    was: dict[str, str] = field(default_factory=dict)  # what an edit replaced: title, body, target branch


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Someone reviewed; or a review was dismissed."""

    repository: Repository
    actor: Account
    pull_request: PullRequest
    review: Review
    was: ReviewState | None = None  # what a withdrawn one said
    by_system: bool = False  # nobody withdrew it: GitLab does after a push, where it is told to


@dataclass(frozen=True, slots=True)
class Commented:
    """A comment came, changed or went."""

    repository: Repository
    actor: Account
    thread: Thread
    comment: Comment
    move: CommentMove
    was: str = ""  # the body that an edit replaced


@dataclass(frozen=True, slots=True)
class StatusSet:
    """Something was said about a commit."""

    repository: Repository
    actor: Account
    status: Status


@dataclass(frozen=True, slots=True)
class RunMoved:
    """A run of a workflow was asked for, began, or ended."""

    repository: Repository
    actor: Account
    run: WorkflowRun


@dataclass(frozen=True, slots=True)
class PipelineMoved:
    """A pipeline is in another state."""

    repository: Repository
    actor: Account
    pipeline: Pipeline


@dataclass(frozen=True, slots=True)
class JobMoved:
    """A job of a pipeline was made, or is in another state."""

    repository: Repository
    actor: Account
    job: Job


@dataclass(frozen=True, slots=True)
class DeploymentMoved:
    """A deployment began, or ended."""

    repository: Repository
    actor: Account
    deployment: Deployment


PipelineHappening = PipelineMoved | JobMoved | DeploymentMoved  # of pipelines as GitLab has them
ForgeHappening = WebhookAdded | Pushed | PullRequestMoved | Reviewed | Commented | StatusSet | RunMoved
Happening = ForgeHappening | PipelineHappening


@dataclass(frozen=True, slots=True)
class Message:
    """A happening in the words of one forge, ready to be sent."""

    event: str
    action: str | None
    body: bytes
