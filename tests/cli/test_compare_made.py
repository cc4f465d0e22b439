"""A version that is made, and not registered yet, is judged as if it were registered now; nothing of it stays."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.checkouts import Checkout
from registrar.cli.program import main

Written = Callable[..., str]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """What a training program leaves of a version."""

    def write(*, accuracy: float = 0.98, **facts: object) -> str:
        folder = tmp_path / "made"
        folder.mkdir()
        (folder / "model.joblib").write_bytes(b"weights")
        (folder / "metrics.json").write_text(json.dumps({"accuracy": accuracy}))
        known = {"model": "digits", "version": "1.2.0", "weights": "model.joblib", "metrics": "metrics.json"}
        (folder / "version.json").write_text(json.dumps(known | facts))
        return str(folder / "version.json")

    return write


def test_it_is_set_beside_what_holds_production(
    checkout: Checkout, written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    branches = checkout.git("for-each-ref"), checkout.git("status", "--porcelain")

    code = main(["compare", "--from", written(metric=["accuracy:higher"]), "--registry", str(checkout.folder)])

    said = capsys.readouterr()
    assert code == 0, said.err
    assert said.out.startswith("### ✅ digits 1.2.0: it can be registered\n")
    assert "**digits 1.2.0** against 1.0.0, which holds Production now" in said.out
    assert "| **accuracy** | 0.9 | 0.98 | +0.08 (+8.89%) | 🟢 better |" in said.out
    assert (checkout.git("for-each-ref"), checkout.git("status", "--porcelain")) == branches


def test_a_model_that_nobody_knows_yet_has_nothing_to_be_set_beside(
    checkout: Checkout, written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checkout

    code = main(["compare", "--from", written(model="letters", metric=["accuracy:higher"]), "--json"])

    said = json.loads(capsys.readouterr().out)
    assert (code, said["verdict"]) == (0, "passed")
    [candidate] = said["candidates"]
    assert (candidate["model"], candidate["version"], candidate["baseline"]) == ("letters", "1.2.0", None)


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        pytest.param(
            {"version": "1.1.0"}, "1.1.0 is registered already, and a version never changes; take", id="number"
        ),
        pytest.param({"dataset": "digits@7.0.0"}, "there is no dataset digits", id="dataset"),
    ],
)
def test_what_could_not_be_registered_is_said_while_it_can_be_mended(
    facts: dict[str, object], line: str, checkout: Checkout, written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checkout

    code = main(["compare", "--from", written(**facts)])

    said = capsys.readouterr()
    assert code == 1
    assert said.out.startswith("### ❌ digits")
    assert line in said.out


@pytest.mark.parametrize("words", [["digits@1.0.0"], ["--at", "main"]], ids=["selector", "at"])
def test_it_is_one_version_and_no_other(
    words: list[str], checkout: Checkout, written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checkout

    assert main(["compare", "--from", written(), *words]) == 2

    assert "--from is a version by itself" in capsys.readouterr().err
