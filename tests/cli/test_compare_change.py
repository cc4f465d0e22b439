"""What a checkout would change is judged against the base branch."""

from pathlib import Path

import pytest

from cli.checkouts import Checkout
from cli.forge import a_town
from registrar.cli.program import main
from registrar.sandbox.forge import DialectName
from stories.registries import a_registry


def test_a_change_is_never_judged_against_itself(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.git("checkout", "--quiet", "--detach")
    checkout.git("branch", "--quiet", "-D", "main")
    checkout.git("update-ref", "-d", "refs/remotes/origin/main")

    code = main(["compare", "--registry", str(checkout.folder)])

    assert (code, capsys.readouterr().err) == (
        1,
        "registrar: error: there is no branch 'main' here; fetch first, or see how it is spelt\n",
    )


@pytest.mark.parametrize(("dialect", "name"), [("github", "pull request #99"), ("gitlab", "merge request !99")])
def test_a_pull_request_that_does_not_exist_is_called_by_its_name(
    dialect: DialectName,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("REGISTRAR_FORGE", dialect)
    with a_town(tmp_path, a_registry({"1.0.0": 0.90}), dialect=dialect) as town:
        monkeypatch.setenv("REGISTRAR_TOKEN", town.tokens["mei"])

        code = main(["compare", "--pull-request", "99", "--registry", str(town.checkout.folder)])

        said = capsys.readouterr().err
        assert code == 1
        assert f"registrar: error: {name} does not exist at {town.sandbox.url}/acme/registry.git; " in said
        assert "refs/" not in said
