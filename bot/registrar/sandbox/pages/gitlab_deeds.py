"""Knows what is done on the pages of a merge request as GitLab does it: notes command, and approvals are taken back."""

from registrar.sandbox import conversations
from registrar.sandbox.conversations import Judgement
from registrar.sandbox.gitlab import merging
from registrar.sandbox.gitlab.following import approvals
from registrar.sandbox.gitlab.quick_actions import Writing, obey
from registrar.sandbox.pages.deeds import VERDICTS, addressed, comment, wish
from registrar.sandbox.pages.visits import Visit
from registrar.sandbox.protection import obstacles
from registrar.sandbox.refusals import BadCredentials, CannotMerge, Forbidden, Invalid, Moved, NotFound
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import PullRequest, ReviewState


def say(visit: Visit) -> str:
    """Write a note, whose lines may command; or approve, request changes, or take one's approval back, of a head."""
    repository, found = addressed(visit)
    verdict, body = visit.form.get("verdict", "comment"), visit.form.get("body", "")
    if verdict not in {"comment", "revoke", *VERDICTS}:
        raise NotFound(f"there is no verdict {verdict!r} here")
    if verdict != "comment":
        _judge(visit, repository, found, verdict)
        if not body.strip():
            return f"{visit.to.thread(repository, found)}#{visit.to.remark(found.remarks[-1])}"
    return _note(visit, repository, found, body)


def _note(visit: Visit, repository: Repository, found: PullRequest, body: str) -> str:
    obeyed = obey(Writing(visit.forge, repository, found, visit.actor(), visit.form.get("head") or None), body)
    if not obeyed.is_commands_only:
        return comment(visit, repository, found, obeyed.text)
    if obeyed.undone:
        raise Invalid(" ".join(obeyed.undone))
    return visit.to.thread(repository, found)


def _judge(visit: Visit, repository: Repository, found: PullRequest, verdict: str) -> None:
    actor = visit.actor()
    if visit.form.get("head", found.head_sha) != found.head_sha:
        raise Moved("It has changed since you looked: what it holds now is below.")
    if verdict == "revoke":
        conversations.withdraw(visit.forge, repository, found, reviewer=actor)
        return
    state = VERDICTS[verdict]
    if state is ReviewState.APPROVED and actor in {each.reviewer for each in approvals(found)}:
        raise Invalid("You approve it already.")
    conversations.review(visit.forge, repository, found, reviewer=actor, judgement=Judgement(state))


def merge(visit: Visit) -> str:
    """Merge exactly the head that was looked at, as the project merges."""
    repository, found = addressed(visit)
    actor, landing = visit.actor(), wish(visit)
    reasons = obstacles(visit.forge, repository, found)
    if reasons:
        raise CannotMerge(" ".join(reasons))
    if repository.settings.squash_option.startswith("default_"):
        found.squash = landing.method == "squash"
    try:
        merging.merge(visit.forge, repository, found, actor=actor, sha=landing.expected_head, landing=landing)
    except BadCredentials as refusal:
        raise Forbidden(f"{actor.login} may not merge into {found.target_branch}.") from refusal
    if "remove" in visit.form:
        merging.delete_source_branch(visit.forge, repository, found, actor=actor)
    return visit.to.thread(repository, found)
