"""What people do and see on GitLab, through python-gitlab."""

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from gitlab import Gitlab
from gitlab.exceptions import GitlabError
from gitlab.v4.objects import Project, ProjectMergeRequest, ProjectPipeline

from forges.conformance_gitlab import GitLabConformance
from registrar.sandbox import Sandbox
from registrar.sandbox.faults import Answered, Spot
from registrar.sandbox.forge import DialectName
from stories.places import APPLICATION, REGISTRY
from stories.side import Edit, Line, Method, Said, Seen, Side
from waiting import until

PROMISED = ("model", "version", "from", "to", "commit", "artifact", "hash", "pull_request", "approvers", "operation")
INPUTS = {name: f"$[[ inputs.{name} ]]" for name in PROMISED}
VARIABLES = {name: f"$REGISTRAR_{name.upper()}" for name in PROMISED}
TOLD = re.compile(r"^told (\w+)=(.*?)\r?$", re.MULTILINE)
IN_TRANSIT = {"unchecked", "checking", "preparing", "approvals_syncing"}
STATES = {"success": "success", "failed": "failure", "canceled": "failure", "skipped": "failure"}
NOBODY, DEVELOPER, MAINTAINER = 0, 30, 40


class GitLabSide:
    """Everyone has a client of their own, with a token of their own; it asks for nothing that nobody wants to know."""

    dialect: ClassVar[DialectName] = "gitlab"
    starting: ClassVar[Spot] = Spot("POST", "/pipeline")
    listing: ClassVar[Spot] = Spot("GET", "/pipelines")
    comments: ClassVar[str] = "/notes"
    requests: ClassVar[str] = "/merge_requests"
    no_runs_yet: ClassVar[Answered] = Answered(acts=True, status=200, body=b"[]")
    longest_comment: ClassVar[int] = 1_000_000
    noun: ClassVar[str] = "merge request"
    merge_button: ClassVar[str] = "Merge"

    def __init__(self, sandbox: Sandbox, tokens: Mapping[str, str]) -> None:
        self._sandbox = sandbox
        self._tokens = tokens
        self._clients: dict[str, Gitlab] = {}
        self._projects: dict[tuple[str, str], Project] = {}

    @staticmethod
    def listener() -> GitLabConformance:
        return GitLabConformance()

    @staticmethod
    def application(*, ending: str = "echo deployed") -> Mapping[str, str]:
        return {".gitlab-ci.yml": pipeline_of(INPUTS, ending=ending)}

    def address(self, login: str, account: int, *, host: str = "users.noreply.localhost") -> str:
        return f"{account}-{login}@{host}"

    def link(self, number: int) -> str:
        return f"!{number}"

    def page(self, login: str, number: int) -> str:
        return str(self._request(login, number).web_url)

    def protect(self, *, held: bool, spares_admins: bool = False) -> None:
        """On the Free tier only the bot's own status and "pipelines must succeed" hold a merge."""
        self.set(only_allow_merge_if_pipeline_succeeds=held)
        project = self._project("ana")
        pushers = MAINTAINER if spares_admins else NOBODY
        if any(each.name == "main" for each in project.protectedbranches.list(get_all=True)):
            project.protectedbranches.delete("main")
        project.protectedbranches.create(
            {"name": "main", "push_access_level": pushers, "merge_access_level": DEVELOPER}
        )

    def rename(self, repository: str, to: str) -> None:
        self._sandbox.move_repository(repository, to)

    def open(self, login: str, *, branch: str, base: str, draft: bool) -> int:
        title = "Draft: A change" if draft else "A change"
        wish = {"source_branch": branch, "target_branch": base, "title": title}
        return int(self._project(login).mergerequests.create(wish).get_id() or 0)

    def comment(self, login: str, number: int, text: str) -> None:
        self._named(login, number).notes.create({"body": text})

    def edit_comment(self, login: str, number: int, comment: int, text: str) -> None:
        note = self._named(login, number).notes.get(comment, lazy=True)
        note.body = text
        note.save()

    def delete_comment(self, login: str, number: int, comment: int) -> None:
        self._named(login, number).notes.delete(comment)

    def approve(self, login: str, number: int) -> None:
        self._named(login, number).approve()

    def request_changes(self, login: str, number: int) -> None:
        """Only a reviewer can, and only by a quick action."""
        account = self._sandbox.store.account(login).id
        self._project("ana").mergerequests.update(number, {"reviewer_ids": [account]})
        self.comment(login, number, "/request_changes")

    def leave_unreviewed(self, number: int, *, by: str) -> None:
        """Whoever may edit a request decides who reviews it."""
        self._project(by).mergerequests.update(number, {"reviewer_ids": []})

    def remark(self, login: str, number: int, text: str) -> None:
        self.comment(login, number, text)

    def relent(self, login: str, number: int) -> None:
        """On GitLab only an approval takes a request for changes back."""
        self.approve(login, number)

    def withdraw(self, login: str, number: int) -> None:
        self._named(login, number).unapprove()

    def edit(self, login: str, number: int, edit: Edit) -> None:
        state = None if edit.is_open is None else "reopen" if edit.is_open else "close"
        wish = {"title": edit.title, "target_branch": edit.base, "state_event": state}
        self._project(login).mergerequests.update(number, {key: each for key, each in wish.items() if each is not None})

    def merge(self, login: str, number: int, method: Method) -> str | None:
        """How it merges is a setting of the project."""
        squash = "always" if method == "squash" else "never"
        self.set(merge_method="merge" if method == "merge" else "ff", squash_option=squash)
        return self.press_merge(login, number)

    def press_merge(self, login: str, number: int) -> str | None:
        """Press the button as soon as GitLab has made up its mind."""
        until(lambda: self._request(login, number).detailed_merge_status not in IN_TRANSIT)
        request = self._request(login, number)
        try:
            request.merge(sha=request.sha)
        except GitlabError:
            return None
        return self.seen(login, number).landed

    def rebase(self, login: str, number: int) -> None:
        """Let GitLab put the branch on top of its target, as a push of whoever asks."""
        self._named(login, number).rebase()

    def seen(self, login: str, number: int) -> Seen:
        return _seen(self._request(login, number))

    def open_ones(self, login: str) -> Sequence[Seen]:
        found = self._project(login).mergerequests.list(state="opened", get_all=True)
        return [self.seen(login, each.iid) for each in found]

    def files(self, login: str, number: int) -> Sequence[str]:
        changes = self._named(login, number).changes()
        assert isinstance(changes, dict)
        return [each["new_path"] for each in changes["changes"]]

    def messages(self, login: str, number: int) -> Sequence[str]:
        return [commit.message for commit in self._named(login, number).commits(get_all=True)]

    def discussion(self, login: str, number: int) -> Sequence[Said]:
        notes = self._named(login, number).notes.list(sort="asc", order_by="created_at", get_all=True)
        return [Said(note.id, note.author["username"], note.body) for note in notes if not note.system]

    def branches(self, login: str) -> Sequence[str]:
        return [branch.name for branch in self._project(login).branches.list(get_all=True)]

    def lines(self, login: str, sha: str) -> Sequence[Line]:
        found = self._project(login).commits.get(sha, lazy=True).statuses.list(all=True, get_all=True)
        return [
            Line(
                each.name,
                STATES.get(each.status, "pending"),
                each.description or "",
                each.target_url or "",
                each.author["username"],
            )
            for each in sorted(found, key=lambda each: int(each.id), reverse=True)
        ]

    def say(self, login: str, sha: str, line: Line) -> None:
        said = {"state": line.state, "name": line.context, "description": line.words}
        said |= {"target_url": line.url} if line.url else {}
        self._project(login).commits.get(sha, lazy=True).statuses.create(said)

    def runs(self, login: str) -> Sequence[tuple[str, str]]:
        return [(pipeline.name or "", pipeline.status) for pipeline in self._pipelines(login)]

    def told(self) -> Sequence[Mapping[str, str]]:
        """As the pipeline's own log repeats it: GitLab shows nobody the inputs of a pipeline."""
        application = self._project("ana", APPLICATION)
        traces = [
            application.jobs.get(job.id).trace() for pipeline in self._pipelines("ana") for job in pipeline.jobs.list()
        ]
        return [dict(TOLD.findall(bytes(trace).decode())) for trace in traces]

    def calls_approved(self, login: str, number: int) -> bool:
        """What GitLab itself makes of the approvals that it asks for."""
        return bool(self._named(login, number).approvals.get().approved)

    def trigger_token(self, login: str) -> str:
        """A token that starts pipelines of the application as whoever made it."""
        return str(self._project(login, APPLICATION).triggers.create({"description": "deploys"}).token)

    def play(self, login: str) -> None:
        """Start by hand what waits in the application's pipelines."""
        for job in self._project(login, APPLICATION).jobs.list(scope=["manual"], get_all=True):
            self._project(login, APPLICATION).jobs.get(job.id).play()

    def start(self, login: str, *, branch: str) -> int:
        """Start a pipeline of the application on a branch of one's own."""
        pipeline = self._project(login, APPLICATION).pipelines.create({"ref": branch})
        return int(pipeline.id)

    def jobs(self, pipeline: int) -> Sequence[str]:
        """How the jobs of a pipeline of the application stand."""
        found = self._project("ana", APPLICATION).pipelines.get(pipeline).jobs.list(get_all=True)
        return [str(job.status) for job in found]

    def set(self, path: str = REGISTRY, **settings: object) -> None:
        """Change how a project behaves, as its owner."""
        project = self._project("ana", path)
        self._client("ana").projects.update(project.id, settings)

    def _pipelines(self, login: str) -> list[ProjectPipeline]:
        found = self._project(login, APPLICATION).pipelines.list(get_all=True)
        return [pipeline for pipeline in found if pipeline.source != "external"]

    def _client(self, login: str) -> Gitlab:
        if login not in self._clients:
            token = self._tokens[login]
            self._clients[login] = Gitlab(self._sandbox.url, private_token=token, timeout=30, keep_base_url=True)
        return self._clients[login]

    def _project(self, login: str, path: str = REGISTRY) -> Project:
        if (login, path) not in self._projects:
            number = self._sandbox.store.repository(path).id
            self._projects[login, path] = self._client(login).projects.get(number, lazy=True)
        return self._projects[login, path]

    def _request(self, login: str, number: int) -> ProjectMergeRequest:
        return self._project(login).mergerequests.get(number)

    def _named(self, login: str, number: int) -> ProjectMergeRequest:
        """For what is done to a request whatever it holds: it is not read before."""
        return self._project(login).mergerequests.get(number, lazy=True)


def gitlab_of(side: Side) -> GitLabSide:
    """The side of a story that GitLab alone has."""
    assert isinstance(side, GitLabSide)
    return side


def pipeline_of(told: Mapping[str, str], *, when: str = "on_success", ending: str = "echo deployed") -> str:
    """A pipeline that is told by inputs or by variables, and repeats in its log what it was told."""
    declared = "".join(f'    {name}: {{default: ""}}\n' for name in PROMISED)
    repeated = "".join(f'    - echo "told {name}={value}"\n' for name, value in told.items())
    return f"""{f"spec:{chr(10)}  inputs:{chr(10)}{declared}---{chr(10)}" if told == INPUTS else ""}
workflow:
  name: {told["model"]} {told["version"]} ({told["operation"]})
  rules:
    - if: $CI_PIPELINE_SOURCE != "push"

deploy:
  environment: production
  when: {when}
  allow_failure: false
  script:
    - echo "{told["model"]} {told["version"]} {told["hash"]} by {told["approvers"]}"
{repeated}    - {ending}
"""


def _seen(request: ProjectMergeRequest) -> Seen:
    merged = request.sha if request.state == "merged" else ""
    landed = request.merge_commit_sha or request.squash_commit_sha or merged
    return Seen(request.iid, request.title, request.description or "", request.sha, request.source_branch, landed)
