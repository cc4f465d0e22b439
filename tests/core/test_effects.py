from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from registrar.core.effects import DOUBTED_FOR, SHOWS_UP_WITHIN, RememberedEffects, acted, refuse_one_more
from registrar.errors import ForgeRefused, ForgeUnavailable, NotConfirmed

SOON, LATER = SHOWS_UP_WITHIN / 2, SHOWS_UP_WITHIN * 2
KEY = "7:verdict"
LOST = ForgeUnavailable("it may still have been done")
LIMITED = ForgeUnavailable("nothing was done", was_refused=True)


@dataclass
class Scene:
    """A bot that comments once, a forge that may not answer, and a clock."""

    time: datetime = datetime(2026, 3, 1, tzinfo=UTC)
    answers: list[Exception | str] = field(default_factory=list)
    listed: str | None = None
    acts: int = 0

    def __post_init__(self) -> None:
        self.effects = RememberedEffects(lambda: self.time)

    def comment(self, *, after: timedelta = timedelta()) -> str:
        self.time += after
        known = self.effects.known(KEY)
        if known is not None and known.result is not None:
            return known.result
        comment = self.listed
        if comment is None:
            refuse_one_more(known, KEY)
            comment = acted(self.effects, KEY, "comment", self._act)
        self.effects.done(KEY, comment)
        return comment

    def _act(self) -> str:
        self.acts += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def meets(self, error: type[Exception], *, after: timedelta = timedelta()) -> None:
        with pytest.raises(error):
            self.comment(after=after)


def test_what_was_done_is_not_done_again_though_no_listing_shows_it() -> None:
    scene = Scene(answers=["31"])

    assert [scene.comment(), scene.comment()] == ["31", "31"]
    assert scene.acts == 1


def test_what_is_there_already_is_adopted() -> None:
    scene = Scene(listed="31")

    assert scene.comment() == "31"
    assert scene.acts == 0


def test_an_act_without_an_answer_is_found_and_not_repeated() -> None:
    scene = Scene(answers=[LOST])
    scene.meets(ForgeUnavailable)
    scene.listed = "31"

    assert scene.comment(after=SOON) == "31"
    assert scene.acts == 1


def test_an_act_without_an_answer_is_not_repeated_while_it_need_not_show() -> None:
    scene = Scene(answers=[LOST])
    scene.meets(ForgeUnavailable)

    scene.meets(ForgeUnavailable, after=SOON)

    assert scene.acts == 1


def test_an_act_that_does_not_show_is_repeated_once_and_then_a_person_has_to_look() -> None:
    scene = Scene(answers=[LOST, LOST])
    scene.meets(ForgeUnavailable)
    scene.meets(ForgeUnavailable, after=LATER)

    scene.meets(NotConfirmed, after=LATER)

    assert scene.acts == 2


def test_what_has_not_shown_for_an_hour_never_happened() -> None:
    scene = Scene(answers=[LOST, LOST, "31"])
    scene.meets(ForgeUnavailable)
    scene.meets(ForgeUnavailable, after=LATER)

    assert scene.comment(after=DOUBTED_FOR) == "31"


def test_a_refusal_leaves_the_doubt_that_there_was_before_it() -> None:
    scene = Scene(answers=[LOST, LIMITED, LOST])
    scene.meets(ForgeUnavailable)
    scene.meets(ForgeUnavailable, after=LATER)
    scene.meets(ForgeUnavailable, after=LATER)

    scene.meets(NotConfirmed, after=LATER)

    assert scene.acts == 3


def test_the_command_line_is_never_superseded() -> None:
    RememberedEffects(lambda: datetime(2026, 3, 1, tzinfo=UTC)).still_ours()


@pytest.mark.parametrize("refusal", [ForgeRefused("no"), LIMITED], ids=["a plain no", "a rate limit"])
def test_a_refusal_counts_as_no_act(refusal: Exception) -> None:
    scene = Scene(answers=[refusal, refusal, refusal, "31"])
    for _ in range(3):
        scene.meets(type(refusal))

    assert scene.comment() == "31"
