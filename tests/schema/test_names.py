import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from semver import Version

from registry_schema import is_model_name, is_version_name, names
from schema.reading import UNHURRIED


@pytest.mark.parametrize("name", ["digits", "risk/fraud", "a/b/c", "0", "risk_2/fraud.v-3", "versions2/x", "a" * 200])
def test_a_model_can_be_called(name: str) -> None:
    assert is_model_name(name)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="nothing"),
        pytest.param("Digits", id="a capital letter"),
        pytest.param("/digits", id="from the root"),
        pytest.param("digits/", id="ending with a slash"),
        pytest.param("a//b", id="an empty segment"),
        pytest.param("../x", id="climbing out"),
        pytest.param("a/../b", id="climbing out below"),
        pytest.param("a..b", id="two dots, which no branch may hold"),
        pytest.param(".", id="the folder itself"),
        pytest.param("a/.b", id="hidden"),
        pytest.param("a.", id="ending with a dot, which no branch may"),
        pytest.param("a.lock", id="ending with .lock, which no branch may"),
        pytest.param("a.lock/b", id="a segment ending with .lock"),
        pytest.param("versions", id="the folder of versions"),
        pytest.param("risk/versions", id="a folder of versions"),
        pytest.param("risk/versions/x", id="in a folder of versions"),
        pytest.param("a b", id="a space"),
        pytest.param("digits\n", id="a line's end"),
        pytest.param("digits@1", id="a selector"),
        pytest.param("é", id="a letter beyond ASCII"),
        pytest.param("1\u0661", id="a digit beyond ASCII"),
        pytest.param("a" * 201, id="too long"),
    ],
)
def test_no_model_is_called(name: str) -> None:
    assert not is_model_name(name)


@pytest.mark.parametrize("name", ["0.0.0", "2.1.0", "10.20.30", "1.0.0-rc.1", "1.0.0-0a+build.7", "1.0.0+21"])
def test_a_version_can_be_called(name: str) -> None:
    assert is_version_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "1",
        "1.0",
        "v1.0.0",
        "01.0.0",
        "1.0.0-",
        "1.0.0-01",
        "1.0.0\n",
        "1.0.0.0",
        "latest",
        "1.0.\u0660",
        "1.0.0+" + "a" * 95,
    ],
)
def test_no_version_is_called(name: str) -> None:
    assert not is_version_name(name)


@UNHURRIED
@given(st.from_regex(r"[0-9a-zA-Z.+-]{1,20}", fullmatch=True) | st.from_regex(names.VERSION_NAME, fullmatch=True))
def test_versions_are_those_of_semantic_versioning(name: str) -> None:
    assert len(name) > 100 or is_version_name(name) == Version.is_valid(name)


@pytest.mark.parametrize(
    ("glob", "model"),
    [
        ("**", "digits"),
        ("**", "risk/fraud"),
        ("*", "digits"),
        ("risk/*", "risk/fraud"),
        ("risk/**", "risk"),
        ("risk/**", "risk/a/b"),
        ("**/fraud", "fraud"),
        ("**/fraud", "a/b/fraud"),
        ("a/**/z", "a/b/c/z"),
        ("dig?ts", "digits"),
        ("**/**", "a"),
    ],
)
def test_a_pattern_means(glob: str, model: str) -> None:
    assert names.matches(glob, model)


@pytest.mark.parametrize(
    ("glob", "model"),
    [
        ("*", "risk/fraud"),
        ("risk/*", "risk"),
        ("risk/*", "risk/a/b"),
        ("digits", "digits2"),
        ("a/**/z", "a/b"),
        ("b/**", "a/b"),
        ("a/b", "a"),
        ("a.c", "abc"),
    ],
)
def test_a_pattern_does_not_mean(glob: str, model: str) -> None:
    assert not names.matches(glob, model)


def test_a_hostile_pattern_costs_no_more_than_another() -> None:
    assert not names.matches("/".join(["**", "*a*a*a*a*a*a*b"] * 13), "/".join(["a" * 14] * 13))


@pytest.mark.parametrize(
    "path", ["model.joblib", "curves/roc.json", ".hidden", "a b.txt", "..x", "é.onnx", ".gitignore"]
)
def test_a_file_can_be_called(path: str) -> None:
    assert re.fullmatch(names.FILE_PATH, path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a/..",
        ".",
        "a/./b",
        "a//b",
        "a/",
        "C:\\x",
        "a\\b",
        ".git/config",
        "a/.GIT/x",
        " a",
    ],
)
def test_no_file_is_called(path: str) -> None:
    assert not re.fullmatch(names.FILE_PATH, path)


@pytest.mark.parametrize("name", ["Production", "QA", "pre-prod_2", "latests"])
def test_a_status_can_be_called(name: str) -> None:
    assert re.fullmatch(names.STATUS_NAME, name)


@pytest.mark.parametrize("name", ["", "latest", "Latest", "2.1.0", "-x", "a b", "a/b", "a#b"])
def test_no_status_is_called(name: str) -> None:
    assert not re.fullmatch(names.STATUS_NAME, name)


@pytest.mark.parametrize("name", ["acme/digits-ui", "group/sub/name", "a.b/c_d"])
def test_a_repository_can_be_called(name: str) -> None:
    assert re.fullmatch(names.REPOSITORY_NAME, name)


@pytest.mark.parametrize("name", ["digits-ui", "../x", "acme/..", "acme//x", "https://host/a/b", "acme/x?y", "/a/b"])
def test_no_repository_is_called(name: str) -> None:
    assert not re.fullmatch(names.REPOSITORY_NAME, name)


@pytest.mark.parametrize("name", ["main", "release/2.x", "v1.0.0+1"])
def test_a_branch_can_be_called(name: str) -> None:
    assert re.fullmatch(names.REF_NAME, name)


@pytest.mark.parametrize("name", ["", "-x", "a..b", "a//b", "a/.b", "a.lock", "a/", "a b", "a~1", "@{u}", "a."])
def test_no_branch_is_called(name: str) -> None:
    assert not re.fullmatch(names.REF_NAME, name)
