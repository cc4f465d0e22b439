"""Where the target branch stood before a fast-forward, of which neither git nor the merge request tells."""

from datetime import timedelta

from registrar.forges.asking import Wish
from registrar.forges.gitlab_answers import EventAnswer, MergeRequestAnswer
from registrar.forges.gitlab_api import GitLabApi

_A_DAY = timedelta(days=1)  # `after` and `before` take dates, and leave out the very day


def base_before(api: GitLabApi, path: str, request: MergeRequestAnswer) -> str | None:
    """The commit from which the target branch moved right to the head of the merge request; `path` is the project's.

    None when no movement of the branch ended there: its commits landed within another's, so this one was never merged.
    https://docs.gitlab.com/api/events/#get-contribution-events-for-a-project
    """
    if request.merged_at is None:
        return None
    wish = Wish(f"tell where {request.target_branch} stood before !{request.iid} was merged", "the Reporter role")
    parameters = {
        "action": "pushed",
        "sort": "desc",
        "after": (request.merged_at - _A_DAY - _A_DAY).date().isoformat(),
        "before": (request.merged_at + _A_DAY + _A_DAY).date().isoformat(),
    }
    for event in api.each(EventAnswer, f"{path}/events", wish=wish, parameters=parameters):
        push = event.push_data
        if push is None or (push.ref_type, push.ref, push.action) != ("branch", request.target_branch, "pushed"):
            continue
        if push.commit_to == request.sha and push.commit_from:
            return push.commit_from
    return None
