"""What the bot says, read whole: one test for each template."""

import pytest
from cmarkgfm import github_flavored_markdown_to_html as as_seen

from core.builders import (
    ANA,
    MEI,
    PROMOTED,
    RAJ,
    ZOE,
    a_change,
    a_registry,
    a_review,
    a_rule,
    a_version,
    approval_facts,
    evaluation_facts,
    holding,
)
from registrar import rendering
from registrar.core.evaluation import evaluate
from registrar.core.lifecycle import Transition
from registrar.core.reports import invalid
from registry_schema import Deploy, Gate, Problem

RULES = a_registry(
    gates={"Production": (Gate("accuracy", not_worse_than="Production"),)},
    deploys=(Deploy("Production", "acme/app", "deploy.yml"),),
)
APPROVED = approval_facts(reviews=(a_review(ANA),))
WISH = Transition("digits", "1.1.0", "Staging", "Production")

WAITING = """\
### ⏳ digits 1.1.0 to Production: waiting for ana or raj

**digits 1.1.0** against 1.0.0, which holds Production now

| metric | 1.0.0 (Production) | 1.1.0 | change | |
| :-- | --: | --: | --: | :-- |
| **accuracy** | 0.95 | 0.97 | +0.02 (+2.11%) | 🟢 better |

The gates of Production:

- ✅ accuracy 0.97 is not worse than the 0.95 of 1.0.0 in Production

#### What changes

| model | version | from | to |
| :-- | :-- | :-- | :-- |
| digits | 1.1.0 | Staging | **Production** |
| digits | 1.0.0 | Production | **Archived** |

#### Who must approve

- one of **ana** or **raj**, who own `models/digits/status.yaml` with admin rights
- mei asked for this change, so mei cannot approve it

#### On merge

- `deploy.yml` of acme/app deploys digits 1.1.0 to Production

<details><summary>Everything that was checked</summary>

- ✅ no released file is altered
- ✅ no status has more holders than it may
- ✅ Archived may be reached from Production
- ✅ digits 1.1.0: Staging -\\> Production
  - ✅ Production may be reached from Staging
  - ✅ gates of Production
    - ✅ accuracy 0.97 is not worse than the 0.95 of 1.0.0 in Production
- ⏳ approval
  - ⏳ approval of models/digits/status.yaml
    - ⏳ waiting for ana or raj
    - ❌ mei asked for this change, so mei cannot approve it

</details>
"""

REGISTERED = """\
### ✅ register digits 1.2.0: may be merged

**digits 1.2.0** against 1.0.0, which holds Production now

| metric | 1.0.0 (Production) | 1.2.0 | change | |
| :-- | --: | --: | --: | :-- |
| **accuracy** | 0.95 | 0.9 | -0.05 (-5.26%) | 🔴 worse |

It would not clear the gates of Production:

- ❌ accuracy 0.9 is worse than the 0.95 of 1.0.0 in Production

#### What changes

- **digits 1.2.0** is added; no status changes

#### On merge

Nothing is deployed.

<details><summary>Everything that was checked</summary>

- ✅ no released file is altered
- ✅ registers digits 1.2.0

</details>
"""

INVALID = """\
### ❌ the registry would be invalid: models/digits/status.yaml:3: status prod is unknown; did you mean Production?

| file | line | what is wrong | how to mend it |
| :-- | --: | :-- | :-- |
| models/digits/status.yaml | 3 | status prod is unknown | did you mean Production? |
"""

HELP = """\
What you can ask, at the start of a line:

| write | and |
| :-- | :-- |
| `/registrar promote digits@2.1.0 to Production` | a merge request asks for the status for that version; `digits@latest` and `digits@Staging` work too |
| `/registrar rollback digits` | a merge request gives the status back to the version that held it before; `/registrar rollback digits in Staging` for another status |
| `/registrar deploy` | in a merge request that was merged: its deploys that wait for a person are started |
| `/registrar hold`, and why | the merge request waits, whoever approves it, until whoever holds it, or an owner, writes \
`/registrar unhold` |
| `/registrar reject`, and why | an owner turns the merge request down for good: one that I opened is closed, and not opened \
again for whoever asked |
| `/registrar break-glass`, and why | in an emergency: the merge request passes as it is now without its approvals, if \
registry.yaml lets you; everybody is told |
| `/registrar help` | you read this |

Whoever asks cannot approve what they asked for.
"""  # noqa: E501 -- a row of a table is one line

PROMOTION = """\
mei asks that **digits 1.1.0** goes from Staging to **Production**.

The comparison, what changes and what is still needed stand in the comment below. Whoever asked, wrote or pushed this cannot approve it.
"""  # noqa: E501 -- a paragraph of Markdown is one line

ROLLBACK = """\
mei asks to roll **digits** back: **1.1.0**, which held Production before, takes it again.

The comparison, what changes and what is still needed stand in the comment below. Whoever asked, wrote or pushed this cannot approve it.
"""  # noqa: E501 -- a paragraph of Markdown is one line

IMPORT = """\
mei moves **digits** here, from GTO in ../old:

| version | status |
| --- | --- |
| 1.0.0 | Production |
| 1.1.0 | the first |

Left behind:

- dev of digits 1.0.0: a version holds one status here

The weights are already in the DVC remote; this adds what is known of them.

A status that stands here is what that registry says, and went through none of the rules of this one. So merge this \
before a bot looks after `main`, and prove the registry from there on: `registrar audit --verify --since` with the \
commit of this merge.
"""

REGISTRATION = """\
mei registers **digits 1.1.0**.

> support vectors

The weights and datasets are already in the DVC remote; this adds the facts of the version. No status changes.
"""


def test_a_promotion_that_waits() -> None:
    facts = evaluation_facts(
        a_change(after=PROMOTED), registry=RULES, approvals=approval_facts(reviews=(a_review(MEI),))
    )

    assert rendering.comment(evaluate(facts)) == WAITING


def test_a_registration() -> None:
    facts = {"1.0.0": a_version(accuracy=0.95), "1.2.0": a_version(accuracy=0.9)}

    report = evaluate(evaluation_facts(a_change(registered=("1.2.0",), facts=facts), registry=RULES))

    assert rendering.comment(report) == REGISTERED


def test_an_invalid_file() -> None:
    problem = Problem("models/digits/status.yaml", 3, "status prod is unknown", "did you mean Production?")

    assert rendering.comment(invalid([problem])) == INVALID


def test_once_it_is_approved_it_says_by_whom() -> None:
    report = evaluate(evaluation_facts(a_change(after=PROMOTED), registry=RULES, approvals=APPROVED))

    said = rendering.comment(report)

    assert said.splitlines()[0] == "### ✅ digits 1.1.0 to Production: may be merged"
    assert "#### Who has approved\n\n- ✅ approved by ana \\(CODEOWNERS:3\\)\n" in said


def test_what_is_refused_says_so_first_and_offers_no_merge() -> None:
    facts = {"1.0.0": a_version(accuracy=0.95), "1.1.0": a_version(accuracy=0.9)}
    report = evaluate(evaluation_facts(a_change(after=PROMOTED, facts=facts), registry=RULES))

    said = rendering.comment(report)

    assert said.splitlines()[0] == (
        "### ❌ digits 1.1.0 to Production: accuracy 0.9 is worse than the 0.95 of 1.0.0 in Production"
    )
    assert not any(heading in said for heading in ("#### On merge", "#### Who must approve"))


def test_a_rollback_is_called_one() -> None:
    back = a_change(
        before=holding(Production="1.1.0", Archived="1.0.0"), after=holding(Production="1.0.0", Archived="1.1.0")
    )
    report = evaluate(evaluation_facts(back, held_before={("digits", "1.0.0"): frozenset({"Production"})}))

    assert rendering.comment(report).startswith("### ⏳ roll digits back to 1.0.0 in Production: waiting for")


def test_every_section_of_codeowners_is_named() -> None:
    rules = (a_rule(ANA, RAJ, section="ML"), a_rule(ZOE, section="Risk|@eve"))
    asked = approval_facts(rules=rules, reviews=(a_review(ANA),))

    said = rendering.comment(evaluate(evaluation_facts(a_change(after=PROMOTED), approvals=asked)))

    mine = "`models/digits/status.yaml` with admin rights, for section"
    assert f"- one of **ana** or **raj**, who own {mine} ML\n- **zoe**, who owns {mine} Risk\\|" in said
    assert "@eve" not in said
    assert "- ✅ approved by ana \\(CODEOWNERS:3, section ML\\)\n" in said


def test_the_status_says_why_an_approval_does_not_count() -> None:
    asked = approval_facts(owners=(ANA,), reviews=(a_review(MEI),))
    report = evaluate(evaluation_facts(a_change(after=PROMOTED), approvals=asked))

    said = rendering.status_description(report.verdict)

    assert said == "waiting for ana; mei asked for this change, so mei cannot approve it"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param(None, "", id="nothing to tell"),
        pytest.param(0.0661, " (+6.61%)", id="more"),
        pytest.param(-0.5, " (-50.00%)", id="less"),
        pytest.param(70.77, " (×72)", id="many times"),  # noqa: RUF001 -- the sign for times
    ],
)
def test_a_relative_change_is_told_as_a_person_would(value: float | None, said: str) -> None:
    assert rendering.percent(value) == said


def test_help() -> None:
    assert rendering.help_comment(noun="merge request") == HELP


def test_an_answer() -> None:
    assert rendering.answer_comment(to=MEI, text="Opened #8", mark="👍") == "👍 mei: Opened #8\n"


def test_the_description_of_a_promotion() -> None:
    assert rendering.promotion(WISH, requester=MEI) == PROMOTION


def test_the_description_of_a_rollback() -> None:
    assert rendering.rollback(WISH, requester=MEI) == ROLLBACK


def test_the_description_of_a_registration() -> None:
    said = rendering.registration("digits", "1.1.0", requester=MEI, description="support\nvectors")

    assert said == REGISTRATION


def test_the_description_of_an_import_says_what_comes_what_stays_and_when_to_merge_it() -> None:
    said = rendering.imported(
        "digits",
        source="GTO in ../old",
        versions={"1.0.0": "Production", "1.1.0": ""},
        left_out=["dev of digits 1.0.0: a version holds one status here"],
        requester=MEI,
        base="main",
    )

    assert said == IMPORT


def test_an_import_without_a_status_may_be_merged_whenever() -> None:
    said = rendering.imported(
        "digits", source="GTO in ../old", versions={"1.1.0": ""}, left_out=[], requester=MEI, base="main"
    )

    assert said.endswith("The weights are already in the DVC remote; this adds what is known of them.\n")


@pytest.mark.fault(82, because="A text is made harmless before any forge is asked.")
@pytest.mark.parametrize(
    "text",
    [
        "@acme/admins",
        "#7",
        "/merge",
        "a | b",
        "`code`",
        "--> <img src=x onerror=alert(1)>",
        "[link](https://evil)",
        "**bold**\n\n# head",
        "\u202eright to left",
        "https://evil.example",
        "www.evil.example",
        "ana@evil.example",
        "```",
        "| --- |",
        "```mermaid",
        "%%{init: {}}%%",
        "<!-- registrar:verdict:main -->",
    ],
)
def test_what_a_stranger_wrote_does_nothing(text: str) -> None:
    seen = as_seen(f"before {rendering.inert(text)} after")

    assert seen.count("<") == 2, seen
    assert not any(sign in seen for sign in ("@acme", "#7", "\u202e"))
