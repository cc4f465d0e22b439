"""Within one look each question is asked once; what is written, and what cannot be undone, is looked at anew."""

from collections.abc import Iterator, Mapping

import pytest

from forges.replies import found
from forges.sides import SIDES, Side
from registrar.errors import ForgeUnavailable
from registrar.forges.looking import asked_anew, looked, one_look


@pytest.fixture(params=SIDES)
def side(request: pytest.FixtureRequest) -> Side:
    return SIDES[request.param]


def repository(side: Side) -> Mapping[str, object]:
    return {"id": 4, "default_branch": "main", "full_name": side.repository, "path_with_namespace": side.repository}


def test_a_question_is_asked_once_in_a_look_and_anew_in_the_next(side: Side) -> None:
    with side.asking(*[found(repository(side))] * 2) as (forge, server):
        for _ in range(2):
            with one_look():
                assert [forge.identity() for _ in range(3)] == ["4", "4", "4"]

        assert len(server.asked) == 2


def test_so_is_a_list(side: Side) -> None:
    with side.asking(found([side.pull(7)])) as (forge, server), one_look():
        assert [forge.open_pull_requests("main") for _ in range(2)] == [(7,), (7,)]
        assert len(server.asked) == 1


def test_what_was_read_before_a_write_is_read_anew(side: Side) -> None:
    read = found(repository(side))
    with side.asking(read, found(side.pull(7)), read) as (forge, server), one_look():
        forge.identity()
        forge.open_pull_request(title="Promote", body="", branch="topic", base="main")
        forge.identity()

        assert len(server.asked) == 3


def test_what_cannot_be_undone_rests_on_a_look_of_its_own(side: Side) -> None:
    with side.asking(*[found(repository(side))] * 3) as (forge, server), one_look():
        forge.identity()
        with one_look():
            forge.identity()
        forge.identity()

        assert len(server.asked) == 3


def test_what_is_asked_anew_is_read_now_and_what_is_written_then_is_no_secret_to_the_look(side: Side) -> None:
    read = found(repository(side))
    with side.asking(read, read, found(side.pull(7)), read) as (forge, server), one_look():
        forge.identity()
        with asked_anew():
            forge.identity()
            forge.open_pull_request(title="Promote", body="", branch="topic", base="main")
        for _ in range(2):
            forge.identity()

        assert len(server.asked) == 4


def test_no_answer_is_kept_of_a_question_that_failed() -> None:
    answers: Iterator[str | ForgeUnavailable] = iter([ForgeUnavailable("not now"), "here"])

    def ask() -> str:
        answer = next(answers)
        if isinstance(answer, ForgeUnavailable):
            raise answer
        return answer

    with one_look():
        with pytest.raises(ForgeUnavailable):
            looked("where", ask)
        assert looked("where", ask) == "here"


def test_outside_of_a_look_nothing_is_kept(side: Side) -> None:
    with side.asking(*[found(repository(side))] * 2) as (forge, server):
        forge.identity()
        forge.identity()

        assert len(server.asked) == 2
