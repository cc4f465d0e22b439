"""Everything that is said of a command which ran as a step of a CI job."""

from registrar.core.reports import Candidate, Report
from registrar.rendering import rendered, values_of


def content_comment(report: Report, *, left_out: str = "") -> str:
    """What is said on a pull request that is judged by its content alone; `left_out` is what is not judged."""
    values = values_of(report, passes="nothing speaks against its content")
    return rendered("comments/content.md", left_out=left_out, **values)


def made_comment(report: Report, *, model: str, version: str) -> str:
    """What is said of a version that is made, and not registered yet, where its code is proposed."""
    values = values_of(report, passes="it can be registered")
    return rendered("comments/made.md", model=model, version=version, **values)


def comparison(candidate: Candidate) -> str:
    """A version beside another, as a comment shows it."""
    return rendered("summaries/comparison.md", candidate=candidate)


def summary(about: str, **values: object) -> str:
    """What a person reads of a command, once it has run."""
    return rendered(f"summaries/{about}.md", **values)
