"""What every adapter says of people: who they are, what they may do, in what they had a hand."""

import pytest

from forges.contract import Place
from registrar.core.people import Permission, Person
from registrar.errors import TokenRefused


def test_the_token_is_known_by_its_account(place: Place) -> None:
    myself = place.forge.myself()

    assert myself.is_bot
    assert myself.same_as(place.forge.person(myself.login))


def test_a_login_that_nobody_has_is_nobodys(place: Place) -> None:
    assert place.forge.person("nobody") is None


@pytest.mark.fault(41)
def test_whoever_wrote_or_pushed_had_a_hand_in_it(place: Place, number: int) -> None:
    place.push("ana", "promote", {"status.yaml": "Production: 1.1.0\n"}, message="Mend")

    told = place.forge.contributors(number)

    assert {person.login for person in told.people} == {"raj", "ana"}
    assert told.unknown == ()


def test_a_co_author_had_a_hand_in_it(place: Place) -> None:
    mei = place.forge.person("mei")
    assert mei is not None
    trailer = f"Co-authored-by: Mei <{place.forge.commit_email(mei)}>"
    place.push("raj", "promote", {"status.yaml": "Production: 1.0.0\n"}, message=f"Promote\n\n{trailer}")

    told = place.forge.contributors(place.propose("raj", "promote"))

    assert mei.id in {person.id for person in told.people}


@pytest.mark.fault(41)
def test_a_co_author_without_an_account_is_unknown(place: Place) -> None:
    message = "Promote\n\nCo-authored-by: Noor <noor@elsewhere.example>"
    place.push("raj", "promote", {"status.yaml": "Production: 1.0.0\n"}, message=message)

    told = place.forge.contributors(place.propose("raj", "promote"))

    assert told.unknown == ("Noor",)


@pytest.mark.fault(50)
@pytest.mark.parametrize(
    ("login", "permission"), [("ana", Permission.ADMIN), ("raj", Permission.WRITE), ("mei", Permission.READ)]
)
def test_a_permission_is_what_the_registry_grants(place: Place, login: str, permission: Permission) -> None:
    person = place.forge.person(login)
    assert person is not None

    assert place.forge.permission(person) is permission


def test_a_login_that_another_account_has_now_permits_nothing(place: Place) -> None:
    ana, mei = place.forge.person("ana"), place.forge.person("mei")
    assert ana is not None
    assert mei is not None

    assert place.forge.permission(Person(mei.id, "ana")) is Permission.NONE


@pytest.mark.fault(49)
def test_someone_without_an_account_may_nothing(place: Place) -> None:
    ana = place.forge.person("ana")
    assert ana is not None

    assert place.forge.permission(Person(999, "nobody")) is Permission.NONE


def test_a_team_has_its_members(place: Place) -> None:
    assert place.forge.code_owners("@acme/ml-admins") == (place.forge.person("ana"),)


@pytest.mark.fault(49)
def test_a_team_that_nobody_sees_has_none(place: Place) -> None:
    assert place.forge.code_owners("@acme/nobody") == ()


@pytest.mark.fault(32)
def test_a_token_that_nobody_has_is_refused(place: Place) -> None:
    with pytest.raises(TokenRefused, match="token was refused"):
        place.seen_by(None).default_branch()


def test_a_commit_under_the_address_of_an_account_is_its_own(place: Place) -> None:
    myself = place.forge.myself()
    author = f"{myself.login} <{place.forge.commit_email(myself)}>"
    place.push("raj", "promote", {"status.yaml": "Production: 1.0.0\n"}, author=author)

    told = place.forge.contributors(place.propose("raj", "promote"))

    assert {person.login for person in told.people} == {"raj", myself.login}
    assert told.unknown == ()
