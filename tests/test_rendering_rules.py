"""What the bot says of a change of the rules, or of what jobs run."""

import pytest

from core.builders import ANA, AFile, approval_facts, evaluation_facts
from registrar import rendering
from registrar.core.evaluation import evaluate


@pytest.mark.parametrize(
    ("path", "subject", "sentence"),
    [
        pytest.param("registry.yaml", "a change of the rules", "The rules say from then on who approves", id="rules"),
        pytest.param(
            ".github/workflows/bot.yml",
            "a change of what jobs run",
            "and where a job is the bot, with the bot's token",
            id="jobs",
        ),
    ],
)
def test_whoever_approves_reads_what_a_change_of_rules_or_jobs_means(path: str, subject: str, sentence: str) -> None:
    asked = approval_facts(owners=(ANA,), path=path)

    said = rendering.comment(evaluate(evaluation_facts(files=(AFile(path),), approvals=asked)))

    assert said.startswith(f"### ⏳ {subject}: waiting for ana\n")
    assert sentence in said
