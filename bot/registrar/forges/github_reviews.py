"""Which reviews of a pull request count on GitHub, as it is aimed now."""

from registrar.core.pull_requests import Review, ReviewState
from registrar.forges.asking import Wish
from registrar.forges.github_answers import IssueEventAnswer, ReviewAnswer, as_aimed_now, review_of
from registrar.forges.github_api import GitHubApi
from registrar.forges.looking import asked_anew


def reviews(api: GitHubApi, path: str, number: int) -> tuple[Review, ...]:
    """Every review ever submitted, oldest first, all pages; `path` is that of the repository.

    GitHub keeps an approval when a pull request is aimed at another branch, and tells of the change only as an
    event. The events are read after the reviews, so that no change slips in between, and only for an approval.
    """
    wish = Wish(f"list the reviews of pull request #{number}", "Pull requests: read")
    answers = api.pages(ReviewAnswer, f"{path}/pulls/{number}/reviews", wish=wish)
    submitted = [review for review in map(review_of, answers) if review is not None]
    found = tuple(sorted(submitted, key=lambda review: (review.submitted_at, review.id)))
    if all(review.state is not ReviewState.APPROVED for review in found):
        return found
    wish = Wish(f"list the events of pull request #{number}", "Issues: read and Pull requests: read")
    with asked_anew():
        return as_aimed_now(found, api.pages(IssueEventAnswer, f"{path}/issues/{number}/events", wish=wish))
