"""What a checkout would change is judged against the base branch."""

import pytest

from cli.checkouts import Checkout
from registrar.cli.program import main


def test_a_change_is_never_judged_against_itself(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.git("checkout", "--quiet", "--detach")
    checkout.git("branch", "--quiet", "-D", "main")
    checkout.git("update-ref", "-d", "refs/remotes/origin/main")

    code = main(["compare", "--registry", str(checkout.folder)])

    assert (code, capsys.readouterr().err) == (
        1,
        "registrar: error: there is no branch 'main' here; fetch first, or see how it is spelt\n",
    )
