"""What the bot says of a merge, and of broken glass, read whole."""

import pytest

from core.builders import BASE, HEAD, LEO, PROMOTED, a_change, a_registry, evaluation_facts
from registrar import rendering
from registrar.core.evaluation import evaluate
from registrar.core.ledger import BrokenGlass
from registrar.core.pull_requests import Outcome
from registrar.rendering import DeployState
from registry_schema import BreakGlass
from test_rendering import APPROVED, RULES

DEPLOYED = f"""\
### ✅ **Merged and deployed**

| deploy | version | how it stands |
| :-- | :-- | :-- |
| acme/app, `deploy.yml` | digits 1.1.0 (Production) | ✅ success ([run](https://forge/runs/1)) |

| model | version | from | to |
| :-- | :-- | :-- | :-- |
| digits | 1.1.0 | Staging | **Production** |
| digits | 1.0.0 | Production | **Archived** |

**digits 1.1.0** against 1.0.0, which held Production then

| metric | 1.0.0 (Production) | 1.1.0 | change | |
| :-- | --: | --: | --: | :-- |
| **accuracy** | 0.95 | 0.97 | +0.02 (+2.11%) | 🟢 better |

<details><summary>On what it was merged</summary>

- ✅ no released file is altered
- ✅ no status has more holders than it may
- ✅ Archived may be reached from Production
- ✅ digits 1.1.0: Staging -\\> Production
  - ✅ Production may be reached from Staging
  - ✅ gates of Production
    - accuracy of 1.1.0: 0.97
    - accuracy of 1.0.0: 0.95
    - ✅ accuracy 0.97 is not worse than the 0.95 of 1.0.0 in Production
- ✅ approval
  - head: {HEAD}
  - base: main at {BASE}
  - requester: mei \\(3\\)
  - author: registrar \\(99\\)
  - contributors: registrar \\(99\\)
  - ✅ approved by ana \\(CODEOWNERS:3\\)
    - asked for: 1 with admin rights
    - CODEOWNERS:3: ana \\(1, admin\\), raj \\(2, admin\\)
    - review 1: ana \\(1\\) approved {HEAD}

</details>
"""


def test_a_merge_that_was_deployed() -> None:
    facts = evaluation_facts(a_change(after=PROMOTED), registry=RULES, approvals=APPROVED)
    report = evaluate(facts)
    state = DeployState(report.deploys[0], Outcome.SUCCESS, "success", "https://forge/runs/1")

    assert rendering.merged_comment(report, [state]) == DEPLOYED


def test_broken_glass_is_said_first_and_loudly() -> None:
    glass = BrokenGlass(LEO, "every 7 is *read* as 1", "https://forge/7#1")
    rules = a_registry(break_glass=BreakGlass(("@leo",)))
    report = evaluate(evaluation_facts(a_change(after=PROMOTED), registry=rules, glass=glass))
    why = "glass broken by leo: every 7 is \\*read\\* as 1 \\(without it: waiting for ana or raj\\)"

    still_open, merged = rendering.comment(report), rendering.merged_comment(report, [])

    opening = "### 🚨 digits 1.1.0 to Production: may be merged by whoever may break the glass; "
    assert still_open.splitlines()[0] == opening + why
    assert merged.splitlines()[0] == "### 🚨 glass broken by leo: every 7 is \\*read\\* as 1. ✅ **Merged**"


@pytest.mark.parametrize(
    ("outcome", "headline"),
    [
        pytest.param(Outcome.PENDING, "### ⏳ **Merged; deploying**", id="under way"),
        pytest.param(Outcome.FAILURE, "### ❌ **Merged; a deploy failed**", id="failed"),
    ],
)
def test_the_first_line_of_a_merge_says_how_the_deploy_stands(outcome: Outcome, headline: str) -> None:
    report = evaluate(evaluation_facts(a_change(after=PROMOTED), registry=RULES, approvals=APPROVED))

    said = rendering.merged_comment(report, [DeployState(report.deploys[0], outcome, "in_progress")])

    assert said.splitlines()[0] == headline
