"""Knows what everyone's last word was."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from registrar.core.people import Person
from registrar.core.pull_requests import Review, ReviewState

_VOTES = frozenset({ReviewState.APPROVED, ReviewState.CHANGES_REQUESTED, ReviewState.DISMISSED})
_A_SECOND = timedelta(seconds=1)


def effective_votes(reviews: Iterable[Review], *, until: datetime | None = None) -> Mapping[int, Review]:
    """The last vote of each account, by its id; a comment is no vote, and what came after `until` is none either.

    Forges tell whole seconds: an objection counts to the end of that second, because a doubt approves nothing.
    """
    votes: dict[int, Review] = {}
    for review in sorted(reviews, key=lambda review: (review.submitted_at, review.id)):
        doubt = _A_SECOND if review.state is ReviewState.CHANGES_REQUESTED else timedelta()
        in_time = until is None or review.submitted_at <= until + doubt
        if review.state in _VOTES and review.reviewer is not None and in_time:
            votes[review.reviewer.id] = review
    return votes


def approves(person: Person, votes: Mapping[int, Review], head_sha: str) -> bool:
    """Whether the last vote of the account approves exactly this content."""
    vote = votes.get(person.id)
    return vote is not None and vote.state is ReviewState.APPROVED and vote.sha == head_sha


def opposes(person: Person, votes: Mapping[int, Review]) -> bool:
    """Whether the last vote of the account asks for changes; a bot cannot hold anything up."""
    vote = votes.get(person.id)
    return vote is not None and vote.state is ReviewState.CHANGES_REQUESTED and not person.is_bot
