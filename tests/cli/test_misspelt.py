"""Whatever name is misspelt, on the command line or in a file, the one that was meant is offered."""

import json
from pathlib import Path

import pytest

from cli.checkouts import Checkout
from registrar.cli.program import main

pytestmark = pytest.mark.usefixtures("checkout")


@pytest.mark.parametrize(
    ("words", "offer"),
    [
        pytest.param(["shwo"], "did you mean show?", id="command"),
        pytest.param(["--versoin"], "did you mean --version?", id="option of all"),
        pytest.param(["show", "--jsno"], "did you mean --json?", id="option"),
        pytest.param(["audit", "--format", "tabel"], "did you mean table?", id="choice"),
        pytest.param(["show", "Digit"], "did you mean digits?", id="model"),
        pytest.param(["show", "digits@1.1"], "did you mean 1.1.0?", id="version"),
        pytest.param(["compare", "digits@1.1.0", "Produktion"], "did you mean Production?", id="baseline"),
        pytest.param(["history", "digits", "--status", "Produktion"], "did you mean Production?", id="history"),
        pytest.param(["audit", "--status", "Produktion"], "did you mean Production?", id="audit's status"),
        pytest.param(["audit", "--model", "digit"], "did you mean digits?", id="audit's model"),
        pytest.param(["audit", "--person", "mie"], "did you mean mei?", id="audit's person"),
        pytest.param(
            ["pull", "digits@1.0.0", "-o", "x", "--artifact", "wieghts"], "did you mean weights?", id="artifact"
        ),
        pytest.param(["init", "--forge", "gitlb"], "did you mean gitlab? See registrar init --help", id="and its help"),
        pytest.param(["init", "--admins", "ana"], "'ana' is no owner; did you mean @ana?", id="owner"),
        pytest.param(["audit", "--at", "x"], "takes no option '--at'; see", id="nothing near"),
        pytest.param(["jobs", "show", "one"], "'one' is no whole number", id="number"),
        pytest.param(["show", ""], "the name of a model is empty", id="empty"),
        pytest.param(["compare", "--pull-request", "7", "--forge", "gitlb"], "did you mean gitlab?", id="forge"),
    ],
)
def test_what_was_meant_is_offered(words: list[str], offer: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(words)

    assert offer in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "offer"),
    [
        pytest.param(
            {"metric": ["acuracy:higher"]}, "digits has no metric acuracy; did you mean accuracy?", id="metric"
        ),
        pytest.param({"model": "digit"}, "digit is a new model; did you mean digits?", id="model"),
        pytest.param({"modle": "digits"}, "did you mean model?", id="key"),
    ],
)
def test_in_the_file_of_a_training_program_too(
    written: dict[str, object], offer: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = {"model": "digits", "version": "1.2.0", "weights": "model.joblib", "metrics": "metrics.json"}
    files = {"model.joblib": "weights", "metrics.json": '{"acuracy": 0.9}', "version.json": json.dumps(known | written)}
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    code = main(["compare", "--from", str(tmp_path / "version.json")])

    assert (code, offer in capsys.readouterr().err) == (2, True)


def test_a_status_that_nobody_ever_held_is_no_slip(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    assert checkout

    code = main(["history", "digits", "--status", "staging"])

    assert (code, capsys.readouterr().err) == (0, "no version of digits ever held Staging\n")
