"""Which deploys a change of status starts."""

import pytest

from core.builders import a_registry
from registrar.core.deploying import planned_deploys
from registrar.core.lifecycle import Transition
from registry_schema import Deploy

TO_UI = Deploy("Production", "acme/digits-ui", "deploy.yml")
TO_RISK = Deploy("Production", "acme/risk", "deploy.yml", models=("risk/**",))


@pytest.mark.parametrize(
    ("transition", "expected"),
    [
        pytest.param(Transition("digits", "1.0.0", "Staging", "Production"), ["acme/digits-ui"], id="one rule"),
        pytest.param(
            Transition("risk/fraud", "1.0.0", "Staging", "Production"), ["acme/digits-ui", "acme/risk"], id="two rules"
        ),
        pytest.param(Transition("digits", "1.0.0", "Production", "Archived"), [], id="leaving starts nothing"),
        pytest.param(Transition("digits", "1.0.0", "Production", "Production", 10, 20), [], id="nor does traffic"),
    ],
)
def test_a_transition_starts(transition: Transition, expected: list[str]) -> None:
    planned = planned_deploys(a_registry(deploys=(TO_UI, TO_RISK)), [transition])

    assert [deploy.rule.repository for deploy in planned] == expected
    assert all(deploy.transition is transition for deploy in planned)
