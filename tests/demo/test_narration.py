"""A step that does not do what it says ends the demo, and says so."""

import pytest

from registrar.demo.narration import Disappointed, Narrator, expect


def test_a_step_tells_what_it_saw(capsys: pytest.CaptureFixture[str]) -> None:
    narrator = Narrator()

    with narrator.step("ana approves"):
        narrator.saw("approved", "http://forge/pull/7")

    assert capsys.readouterr().out == "\n 1. ana approves\n    ✓ approved\n      http://forge/pull/7\n"


def test_a_claim_that_does_not_hold_ends_the_step(capsys: pytest.CaptureFixture[str]) -> None:
    narrator, deployed = Narrator(), False

    with pytest.raises(Disappointed), narrator.step("it is deployed"):
        expect(deployed, "the deploy failed")

    assert "✗ the deploy failed" in capsys.readouterr().out


def test_what_a_person_would_see_is_quoted_without_the_escapes_of_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    Narrator().show("macro\\_f1 \\[kB\\]")

    assert capsys.readouterr().out == "      │ macro_f1 [kB]\n"
