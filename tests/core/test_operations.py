"""The name of an effect."""

import re
from dataclasses import dataclass, replace

import pytest

from registrar.core.operations import key_in, operation_key, pull_request_of


@dataclass(frozen=True)
class Meaning:
    number: int = 7
    model: str = "digits"
    version: str = "1.1.0"
    status: str = "Production"
    commit: str = "3f2a91c"

    def key(self) -> str:
        return operation_key(
            self.number, model=self.model, version=self.version, status=self.status, commit=self.commit
        )


def test_a_key_names_the_pull_request() -> None:
    assert re.fullmatch(r"deploy-7-[0-9a-f]{16}", Meaning().key())


def test_a_key_is_the_same_however_often_it_is_worked_out() -> None:
    assert Meaning().key() == Meaning().key() == "deploy-7-eabaee4e1603e722"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(Meaning(), number=8), id="pull request"),
        pytest.param(replace(Meaning(), model="digits1"), id="model"),
        pytest.param(replace(Meaning(), version="1.1.1"), id="version"),
        pytest.param(replace(Meaning(), status="Staging"), id="status"),
        pytest.param(replace(Meaning(), commit="8d1e77a"), id="commit"),
    ],
)
def test_another_deploy_has_another_key(other: Meaning) -> None:
    assert other.key() != Meaning().key()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("deploy-7-0123456789abcdef", 7, id="a key"),
        pytest.param("Deploy digits 1.1.0 (deploy-12-0123456789abcdef)", 12, id="a title"),
        pytest.param("deploy-7", None, id="half a key"),
        pytest.param("deploy-7-0123456789abcdef0", None, id="too long"),
        pytest.param("deploy-0-0123456789abcdef", None, id="no pull request has this number"),
        pytest.param("redeploy-7-0123456789abcdef", None, id="another word"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_title_tells_its_pull_request(text: str, expected: int | None) -> None:
    assert pull_request_of(text) == expected


def test_every_key_tells_its_pull_request() -> None:
    assert pull_request_of(Meaning(number=4711).key()) == 4711


def test_a_title_tells_the_key_that_it_holds() -> None:
    assert key_in(f"digits 1.1.0 ({Meaning().key()})") == Meaning().key()
    assert key_in("digits 1.1.0") is None
