import pytest

from registrar.core.wildcards import means


@pytest.mark.parametrize(
    ("wildcard", "branch", "is_meant"),
    [
        pytest.param("main", "main", True, id="by name"),
        pytest.param("main", "main2", False, id="another that begins alike"),
        pytest.param("m*", "main", True, id="by its beginning"),
        pytest.param("*", "release/1", True, id="any"),
        pytest.param("release/*", "release/1/a", True, id="across folders"),
        pytest.param("*-stable", "main", False, id="by its end"),
        pytest.param("ma.n", "main", False, id="a dot is a dot"),
    ],
)
def test_a_star_stands_for_anything(wildcard: str, branch: str, *, is_meant: bool) -> None:
    assert means(wildcard, branch) is is_meant
