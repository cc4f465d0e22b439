"""What GitLab does when a line of a text begins with a command: it obeys whoever wrote it, and takes the line away.

https://docs.gitlab.com/user/project/quick_actions/ ; those that a merge request knows and that change its course.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from registrar.sandbox import conversations
from registrar.sandbox.accounts import Account
from registrar.sandbox.conversations import Judgement
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.merging import merge
from registrar.sandbox.pull_requests import Edit, edit_pull_request
from registrar.sandbox.refusals import Refusal
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import PullRequest, ReviewState

_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
_COMMAND = re.compile(r"/(?P<name>[a-z_]+)(?:[ \t]+(?P<argument>.*))?[ \t]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Writing:
    """A text of someone's under a merge request; `head` is the commit that they had before them, if they say so."""

    forge: Forge
    repository: Repository
    pull_request: PullRequest
    writer: Account
    head: str | None = None


@dataclass(slots=True)
class Obeyed:
    """What is left of a text, what was done, and what could not be."""

    text: str = ""
    done: dict[str, str] = field(default_factory=dict)  # what is said about each command
    undone: list[str] = field(default_factory=list)

    @property
    def is_commands_only(self) -> bool:
        """Whether the text was nothing else."""
        return not self.text.strip() and bool(self.done or self.undone)


def obey(writing: Writing, text: str) -> Obeyed:
    """Do what the lines of a text command, but not those of code."""
    found, kept, fence = Obeyed(), [], ""
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        command = None if fence else _COMMAND.fullmatch(line)
        if command is None or command["name"].lower() not in _COMMANDS:
            kept.append(line)
        else:
            _do(found, writing, command["name"].lower(), (command["argument"] or "").strip())
    found.text = "\n".join(kept).strip() if found.done or found.undone else text
    return found


def _do(found: Obeyed, writing: Writing, name: str, argument: str) -> None:
    act, said = _COMMANDS[name]
    try:
        act(writing, argument)
    except Refusal:
        found.undone.append(f"Could not apply {name} command.")
    else:
        found.done[name] = said.format(argument)


def _approve(writing: Writing, _: str) -> None:
    _judge(writing, ReviewState.APPROVED)


def _request_changes(writing: Writing, _: str) -> None:
    _judge(writing, ReviewState.CHANGES_REQUESTED)


def _judge(writing: Writing, state: ReviewState) -> None:
    forge, repository, pull_request = writing.forge, writing.repository, writing.pull_request
    conversations.review(forge, repository, pull_request, reviewer=writing.writer, judgement=Judgement(state))


def _unapprove(writing: Writing, _: str) -> None:
    forge, repository, pull_request = writing.forge, writing.repository, writing.pull_request
    conversations.withdraw(forge, repository, pull_request, reviewer=writing.writer)


def _merge(writing: Writing, _: str) -> None:
    """GitLab does so only where the writer says which commit they mean."""
    if writing.head is None:
        raise Refusal("The `/merge` quick action requires the SHA of the head of the branch.")
    merge(writing.forge, writing.repository, writing.pull_request, actor=writing.writer, sha=writing.head)


def _edit(writing: Writing, edit: Edit) -> None:
    forge, repository, pull_request = writing.forge, writing.repository, writing.pull_request
    edit_pull_request(forge, repository, pull_request, actor=writing.writer, edit=edit)


_COMMANDS: dict[str, tuple[Callable[[Writing, str], None], str]] = {
    "approve": (_approve, "Approved the current merge request."),
    "unapprove": (_unapprove, "Unapproved the current merge request."),
    "request_changes": (_request_changes, "Changes requested to the current merge request."),
    "merge": (_merge, "Merged this merge request."),
    "close": (lambda writing, _: _edit(writing, Edit(is_open=False)), "Closed this merge request."),
    "reopen": (lambda writing, _: _edit(writing, Edit(is_open=True)), "Reopened this merge request."),
    "target_branch": (lambda writing, name: _edit(writing, Edit(target_branch=name)), "Set target branch to {}."),
    "title": (lambda writing, title: _edit(writing, Edit(title=title)), 'Changed the title to "{}".'),
    "draft": (lambda writing, _: _edit(writing, Edit(draft=True)), "Set the Draft status"),
    "ready": (lambda writing, _: _edit(writing, Edit(draft=False)), "Set the Ready status"),
}
