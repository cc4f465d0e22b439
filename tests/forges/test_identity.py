"""A repository is its number: an answer that names another one is not believed."""

from collections.abc import Mapping

import pytest

from forges.replies import found
from forges.sides import SIDES, Side
from registrar.errors import ForgeRefused

ANOTHER = r"is another repository now \(id 9, it was 4\)"


@pytest.fixture(params=SIDES)
def side(request: pytest.FixtureRequest) -> Side:
    return SIDES[request.param]


def of(number: int, side: Side) -> Mapping[str, object]:
    """The pull request 7 of the repository with this number."""
    repository = {"id": number, "full_name": side.repository}
    return side.pull(7, base={"ref": "main", "sha": "b" * 40, "repo": repository}, target_project_id=number)


def a_repository(number: int, side: Side) -> Mapping[str, object]:
    names = {"full_name": side.repository, "path_with_namespace": side.repository}
    return {"id": number, "default_branch": "main", **names}


def test_the_number_is_asked_for_each_time(side: Side) -> None:
    first, second = found(a_repository(4, side)), found(a_repository(9, side))

    with side.asking(first, second) as (forge, _):
        assert forge.identity() == "4"
        with pytest.raises(ForgeRefused, match=ANOTHER):
            forge.identity()


def test_a_pull_request_of_another_repository_is_not_believed(side: Side) -> None:
    with side.asking(found(a_repository(4, side)), found(of(9, side))) as (forge, _):
        forge.identity()
        with pytest.raises(ForgeRefused, match=ANOTHER):
            forge.pull_request(7)


def test_a_list_of_those_of_another_repository_is_not_believed(side: Side) -> None:
    with side.asking(found(a_repository(4, side)), found([of(9, side)])) as (forge, _):
        forge.identity()
        with pytest.raises(ForgeRefused, match=ANOTHER):
            forge.open_pull_requests("main")
