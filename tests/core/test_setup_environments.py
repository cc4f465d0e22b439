"""Which branches' workflows get the secrets that the bot's jobs have on GitHub."""

import pytest

from registrar.core.setup import Standing, Untold
from registrar.core.setup_environments import Environment, secrets_finding

ONLY = Environment("registrar", "page", ("main",))


@pytest.mark.parametrize(
    ("name", "found", "standing", "says"),
    [
        pytest.param("registrar", ONLY, Standing.OK, "is for main alone", id="the base alone"),
        pytest.param("", ONLY, Standing.PROBLEM, "from no environment", id="none"),
        pytest.param("${{ inputs.where }}", ONLY, Standing.UNTOLD, "is told by no file", id="a name that is made"),
        pytest.param("registrar", Untold("no"), Standing.UNTOLD, "was not checked: no", id="not told"),
        pytest.param(
            "registrar",
            Environment("registrar", "page", None, is_there=False),
            Standing.PROBLEM,
            "there is no environment registrar",
            id="none of that name",
        ),
        pytest.param(
            "registrar",
            Environment("registrar", "page", None, is_for_all=True),
            Standing.PROBLEM,
            "is for every branch",
            id="every branch",
        ),
        pytest.param(
            "registrar",
            Environment("registrar", "page", None),
            Standing.PROBLEM,
            "every protected branch",
            id="protected",
        ),
        pytest.param(
            "registrar", Environment("registrar", "page", ("x",)), Standing.PROBLEM, "is not for main", id="another"
        ),
        pytest.param(
            "registrar", Environment("registrar", "page", ("m*",)), Standing.PROBLEM, "also for m*", id="a pattern"
        ),
        pytest.param(
            "registrar",
            Environment("registrar", "page", ("main",), ("v*",)),
            Standing.PROBLEM,
            "also for the tag v*",
            id="tags",
        ),
    ],
)
def test_the_bots_secrets_are_for_jobs_of_the_base_alone(
    name: str, found: Environment | Untold, standing: Standing, says: str
) -> None:
    finding = secrets_finding("bot.yml", name, lambda _: found, base="main")

    assert (finding.standing, says in finding.says) == (standing, True)
