"""A secret shows itself in no form that a log, an error or an address gives to it."""

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registrar.observing.redaction import Redaction

SECRET = 'whsec_a+b/c"d\\e=='
printable = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40)


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(SECRET, id="as it is"),
        pytest.param(json.dumps({"token": SECRET}), id="in JSON"),
        pytest.param(repr({"token": SECRET}), id="in a repr"),
        pytest.param(f"https://forge/x?token={quote(SECRET, safe='')}", id="in an address"),
        pytest.param(base64.b64encode(f"x-access-token:{SECRET}".encode()).decode(), id="in a header"),
    ],
)
def test_a_secret_is_taken_out_however_it_is_written(form: str) -> None:
    said = Redaction([SECRET])(f"it was {form}, and is not")

    assert said.startswith("it was ")
    assert said.endswith(", and is not")
    assert "***" in said
    assert not any(part in said for part in (SECRET, json.dumps(SECRET)[1:-1], quote(SECRET, safe="")))


def test_a_secret_that_comes_later_is_taken_out_from_then_on() -> None:
    redact = Redaction(["the-first-token"])

    redact.learn("the-second-token")

    assert redact("the-first-token the-second-token") == "*** ***"


@settings(deadline=None, derandomize=True)
@given(secret=printable, before=st.text(max_size=4), after=st.text(max_size=4))
def test_no_base64_of_a_secret_is_left_with_whatever_beside_it(secret: str, before: str, after: str) -> None:
    coded = base64.b64encode(f"{before}{secret}{after}".encode()).decode()

    assert "***" in Redaction([secret])(coded)


@pytest.mark.parametrize(
    ("address", "leaked"),
    [
        pytest.param("postgresql://bot:p%40ssw0rd@db:5432/registrar", "p@ssw0rd", id="a password that was unquoted"),
        pytest.param("postgresql://bot:p%40ssw0rd@db:5432/registrar", "p%40ssw0rd", id="a password"),
        pytest.param("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazk", "TIiajkdnlazk", id="a token in a path"),
    ],
)
def test_of_an_address_what_opens_it_is_a_secret_by_itself(address: str, leaked: str) -> None:
    assert leaked not in Redaction([address])(f"refused {leaked}")


def test_of_an_address_the_host_may_be_said() -> None:
    redact = Redaction(["postgresql://registrar:secret-word@database.example:5432/registrar"])

    assert redact("database.example: no route to host") == "database.example: no route to host"


def test_the_longer_of_two_secrets_is_taken_out_whole() -> None:
    assert Redaction(["abcdef", "abcdefgh"])("abcdefgh") == "***"


def test_what_stands_in_every_text_by_chance_hides_nothing() -> None:
    assert Redaction(["", "a", " "])("a cat") == "a cat"


def test_it_does_not_show_what_it_knows() -> None:
    assert SECRET not in repr(Redaction([SECRET]))
