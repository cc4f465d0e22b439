"""Answers about notes: what people say under a merge request, and what GitLab says there itself."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from registrar.sandbox import conversations
from registrar.sandbox.accounts import Role
from registrar.sandbox.calls import locked
from registrar.sandbox.gitlab.answers import answer, nothing, paged
from registrar.sandbox.gitlab.notes import Note, note
from registrar.sandbox.gitlab.quick_actions import Writing, obey
from registrar.sandbox.gitlab.refusals import Refused
from registrar.sandbox.gitlab.requests import PROJECT, ProjectCall, Visiting
from registrar.sandbox.gitlab.routes.merge_requests import merge_request_of
from registrar.sandbox.refusals import Invalid
from registrar.sandbox.threads import Comment, PullRequest, Remark

router = APIRouter(prefix=f"{PROJECT}/merge_requests/{{number:int}}/notes")
LONGEST = (
    1_000_000  # characters: https://docs.gitlab.com/administration/instance_limits/#size-of-comments-and-descriptions
)


class Filter(BaseModel):
    """Which notes are wanted, in which order."""

    sort: Literal["asc", "desc"] = "desc"
    order_by: Literal["created_at", "updated_at"] = "created_at"
    activity_filter: Literal["all_notes", "only_comments", "only_activity"] = "all_notes"


class NewNote(BaseModel):
    """What someone says."""

    body: str
    internal: bool = False
    confidential: bool = False
    merge_request_diff_head_sha: str | None = None


class Words(BaseModel):
    """What shall be said instead."""

    body: str


@router.get("")
@locked
def listing(call: Visiting, number: int) -> Response:
    """Every note, newest first unless asked otherwise."""
    found, wish = merge_request_of(call, number), call.given(Filter)
    remarks: list[Note] = [] if wish.activity_filter == "only_comments" else list(found.remarks)
    said: list[Note] = [] if wish.activity_filter == "only_activity" else _readable(call, found)
    notes = sorted(remarks + said, key=lambda each: each.id, reverse=wish.sort == "desc")
    return paged(call, notes, lambda each: note(call.forge, call.repository, found, each))


def _readable(call: ProjectCall, found: PullRequest) -> list[Note]:
    """Internal notes are for whoever reports at least; anyone can read a public project."""
    is_member = call.account is not None and call.account in call.repository.roles
    may = is_member or call.role > Role.READ
    return [each for each in found.comments if may or not each.internal]


@router.post("")
@locked
def say(call: Visiting, number: int) -> Response:
    """Write a note, and have done what its lines command. One that only commands makes no note."""
    found, wish = merge_request_of(call, number), call.given(NewNote)
    actor = call.require(Role.READ)
    _refuse_length(wish.body)
    writing = Writing(call.forge, call.repository, found, actor, wish.merge_request_diff_head_sha)
    obeyed = obey(writing, wish.body)
    if obeyed.is_commands_only and obeyed.undone:
        raise Refused(400, f"400 Bad request - {', '.join(obeyed.undone)}")
    if obeyed.is_commands_only:
        changes = {"commands_changes": dict.fromkeys(obeyed.done, True), "summary": list(obeyed.done.values())}
        return answer(changes, 202)
    internal = wish.internal or wish.confidential
    if internal:
        call.require(Role.WRITE)
    try:
        said = conversations.comment(
            call.forge, call.repository, found, author=actor, body=obeyed.text, internal=internal
        )
    except Invalid as refusal:
        raise Refused(400, '400 Bad request - Note {:note=>["can\'t be blank"]}') from refusal
    return answer(note(call.forge, call.repository, found, said), 201)


@router.get("/{note_id:int}")
@locked
def one(call: Visiting, number: int, note_id: int) -> Response:
    """A note."""
    found = merge_request_of(call, number)
    return answer(note(call.forge, call.repository, found, _note(call, found, note_id)))


@router.put("/{note_id:int}")
@locked
def edit(call: Visiting, number: int, note_id: int) -> Response:
    """Put other words in place of a note; what they command is done as well."""
    found, wish = merge_request_of(call, number), call.given(Words)
    said = _own(call, found, note_id)
    _refuse_length(wish.body)
    obeyed = obey(Writing(call.forge, call.repository, found, call.actor), wish.body)
    if obeyed.is_commands_only or not obeyed.text.strip():
        raise Refused(400, '400 Bad request - Note {:note=>["can\'t be blank"]}')
    conversations.edit_comment(call.forge, call.repository, said.id, actor=call.actor, body=obeyed.text)
    return answer(note(call.forge, call.repository, found, said))


@router.delete("/{note_id:int}")
@locked
def delete(call: Visiting, number: int, note_id: int) -> Response:
    """Take a note away."""
    said = _own(call, merge_request_of(call, number), note_id)
    conversations.delete_comment(call.forge, call.repository, said.id, actor=call.actor)
    return nothing()


def _refuse_length(body: str) -> None:
    if len(body) > LONGEST:
        reason = f'{{:note=>["is too long (maximum is {LONGEST} characters)"]}}'
        raise Refused(400, f"400 Bad request - Note {reason}")


def _note(call: ProjectCall, found: PullRequest, note_id: int) -> Note:
    notes: list[Note] = [*found.remarks, *_readable(call, found)]
    each = next((each for each in notes if each.id == note_id), None)
    if each is None:
        raise Refused(404, "404 Not found")
    return each


def _own(call: ProjectCall, found: PullRequest, note_id: int) -> Comment:
    """A note that the caller may change: their own, or any for a maintainer. Nobody changes what GitLab says."""
    each = _note(call, found, note_id)
    if isinstance(each, Remark):
        raise Refused(403, "403 Forbidden")
    call.require(Role.READ if each.author is call.actor else Role.MAINTAIN)
    return each
