"""How a person names a version."""

import pytest

from core.builders import a_registry, holding
from registrar.core.selectors import ModelFacts, Selector, parse_selector, resolve, status_named
from registrar.errors import Unknown, UsageError
from registry_schema import Holdings


def facts(
    *, versions: tuple[str, ...] = ("1.0.0", "1.1.0", "2.0.0-rc.1"), holdings: Holdings | None = None
) -> ModelFacts:
    return ModelFacts(versions, holdings or holding(Production="1.0.0", QA=("1.1.0", "2.0.0-rc.1")), a_registry())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("digits@2.1.0", Selector("digits", "2.1.0"), id="a version"),
        pytest.param("digits@latest", Selector("digits", "latest"), id="the latest"),
        pytest.param("digits@Production", Selector("digits", "Production"), id="a status"),
        pytest.param("digits#production", Selector("digits", "production"), id="as GTO's users type it"),
        pytest.param("risk/fraud@1.0.0+cpu", Selector("risk/fraud", "1.0.0+cpu"), id="a model in a group"),
    ],
)
def test_a_selector_is_read(text: str, expected: Selector) -> None:
    assert parse_selector(text) == expected


def test_a_selector_is_written_as_it_is_read() -> None:
    assert str(parse_selector("digits#production")) == "digits@production"


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        pytest.param("digits", "write digits@2.1.0, digits@latest or digits@Production", id="no version"),
        pytest.param("digits@", "does not say which version", id="nothing after the sign"),
        pytest.param("@2.1.0", "does not say which version", id="no model"),
        pytest.param("", "does not say which version", id="empty"),
        pytest.param("a@b@c", "does not say which version", id="two signs"),
        pytest.param("digits#production#3", "does not say which version", id="a GTO tag"),
        pytest.param("Digits@2.1.0", "cannot be the name of a model", id="capital letters"),
        pytest.param("../x@2.1.0", "cannot be the name of a model", id="out of the tree"),
    ],
)
def test_a_selector_that_means_nothing_is_refused_with_the_mend(text: str, mend: str) -> None:
    with pytest.raises(UsageError, match=mend):
        parse_selector(text)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param("1.1.0", "1.1.0", id="by number"),
        pytest.param("latest", "1.1.0", id="latest is no pre-release"),
        pytest.param("LATEST", "1.1.0", id="latest in any case"),
        pytest.param("Production", "1.0.0", id="by status"),
        pytest.param("production", "1.0.0", id="by status in any case"),
    ],
)
def test_a_selector_finds_its_version(wanted: str, expected: str) -> None:
    assert resolve(Selector("digits", wanted), facts()) == expected


def test_the_initial_status_is_held_by_the_version_named_nowhere() -> None:
    one_unnamed = facts(holdings=holding(Production="1.0.0", QA="1.1.0"))

    assert resolve(Selector("digits", "development"), one_unnamed) == "2.0.0-rc.1"


@pytest.mark.parametrize(
    ("wanted", "error", "message"),
    [
        pytest.param("9.9.9", Unknown, "digits has no version or status 9.9.9", id="no such version"),
        pytest.param("1.0.1", Unknown, "did you mean 1.0.0?", id="a near version"),
        pytest.param("v1.1.0", Unknown, "did you mean 1.1.0?", id="a leading v"),
        pytest.param("prodction", Unknown, "did you mean Production?", id="a near status"),
        pytest.param("Staging", Unknown, "no version of digits holds Staging", id="held by nobody"),
        pytest.param(
            "qa", UsageError, "QA is held by 2 versions of digits: 1.1.0 and 2.0.0-rc.1; name one", id="held by several"
        ),
    ],
)
def test_a_selector_without_one_version_says_why(wanted: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as raised:
        resolve(Selector("digits", wanted), facts())

    assert message in str(raised.value)


def test_a_model_without_versions_has_no_latest() -> None:
    with pytest.raises(Unknown, match="digits has no version yet"):
        resolve(Selector("digits", "latest"), facts(versions=()))


def test_a_status_is_found_in_any_case() -> None:
    assert status_named(a_registry(), "pRODUCTION") == "Production"


def test_an_unknown_status_is_answered_with_the_near_one() -> None:
    with pytest.raises(Unknown, match=r"no status Prod; it has .* did you mean Production\?"):
        status_named(a_registry(), "Prod")
