"""How GitLab writes notes: what people say under a merge request, and what it says there itself."""

from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.people import Json, moment, user
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import Comment, Remark, Thread

Note = Comment | Remark


def note(forge: Forge, where: Repository, thread: Thread, found: Note) -> Json:
    """A note of a person, or of the system."""
    is_remark = isinstance(found, Remark)
    made, changed = (found.at, found.at) if isinstance(found, Remark) else (found.created_at, found.updated_at)
    internal = isinstance(found, Comment) and found.internal
    return {
        "id": found.id,
        "type": None,
        "body": found.body,
        "author": user(forge, found.actor if isinstance(found, Remark) else found.author),
        "created_at": moment(made),
        "updated_at": moment(changed),
        "system": is_remark,
        "noteable_id": thread.id,
        "noteable_type": "MergeRequest",
        "project_id": where.id,
        "resolvable": False,
        "confidential": internal,
        "internal": internal,
        "imported": False,
        "imported_from": "none",
        "noteable_iid": thread.number,
        "commands_changes": {},
    }
