"""The doctor looks at those whom the rules name beside the owners."""

import json

import pytest

from cli.places import Place
from registrar.cli.program import main
from stories.registries import RULES

POLICY = """
break_glass: {people: ["@ana", "@acme/oncall"]}
notices: [{events: [break-glass], channel: REGISTRAR_SECRET_CHAT}]
"""


def test_who_may_break_the_glass_and_who_is_told_are_looked_for(
    ready: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    ready.land({"registry.yaml": RULES + POLICY})
    ready.sandbox.drain()
    capsys.readouterr()

    main(["doctor", "--json"])

    said = [(each["check"], each["says"]) for each in json.loads(capsys.readouterr().out)["findings"]]
    assert ("break-glass", "@acme/oncall may break the glass, and is no person whom the forge knows") in said
    assert ("break-glass", "ana may break the glass") in said
    assert ("notices", "REGISTRAR_SECRET_CHAT is not set, so nobody is told there") in said
