"""Everything the bot says: one function a template."""

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from registrar.core.approvals import uncounted
from registrar.core.comparison import Judgement
from registrar.core.deploying import PlannedDeploy
from registrar.core.events import SendNotice
from registrar.core.figures import figure
from registrar.core.interventions import Intervention
from registrar.core.lifecycle import Transition
from registrar.core.overtaken import Lost
from registrar.core.paths import is_job, is_rules
from registrar.core.people import Person
from registrar.core.pull_requests import Outcome
from registrar.core.reports import Kind, Report
from registrar.core.verdicts import Verdict, VerdictState

MARKS = {VerdictState.PASSED: "✅", VerdictState.WAITING: "⏳", VerdictState.FAILED: "❌"}
JUDGEMENTS = {Judgement.BETTER: "🟢 better", Judgement.WORSE: "🔴 worse", Judgement.SAME: "same", Judgement.UNKNOWN: ""}
OUTCOMES = {Outcome.PENDING: "⏳", Outcome.SUCCESS: "✅", Outcome.FAILURE: "❌"}

_ALARM = "🚨"  # in place of the mark: it passes, and yet it is not well
NOTHING = "·"  # where a number would stand
MANY_TIMES = 10
LONGEST_WORDS = 500  # of a person, in a notice

# What Markdown, HTML or a forge would act on. An invisible word joiner after it takes the meaning and leaves the look.
_ACTIVE = re.compile(r"(@|#|!|&|\$|:(?=//)|www(?=\.))(?=[\w/.])", re.IGNORECASE)
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()|~])")
_CALLING = re.compile(r"[@<](?=\S)|\](?=\()|^/")  # in a chat: a mention, a masked link, a command
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class DeployState:
    """How one deploy that a merge started stands."""

    planned: PlannedDeploy
    outcome: Outcome
    detail: str
    url: str = ""
    waits: bool = False  # for a person


@dataclass(frozen=True, slots=True)
class Unapproved:
    """What reached the base without an approval, and what of it can be put back."""

    commit: str
    says: str  # who wrote it, as the commit says
    link: str  # of the pull request that brought it; empty: it was pushed
    merged_by: str  # a login; empty: it is not known
    why: str
    files: tuple[str, ...]
    others: tuple[str, ...]  # that stand otherwise by now
    jobs: tuple[str, ...]  # that are not the bot's to write


def templates_dir() -> Traversable:
    """Beside the package in a wheel, at the top of the tree in a checkout."""
    packaged = files("registrar") / "templates"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "templates"


def comment(report: Report) -> str:
    """What the bot says on an open pull request."""
    return rendered("comments/pull_request.md", **values_of(report, passes="may be merged"))


def merged_comment(report: Report, deploys: Sequence[DeployState], *, unwritten: str = "") -> str:
    """What the bot says on a pull request that was merged: what changed, and how its deploys stand.

    `unwritten`: why the ledger does not tell of it.
    """
    return rendered(
        "comments/merged.md",
        report=report,
        transitions=_wishes_first(report),
        deploys=deploys,
        headline=_merged_headline(report, deploys),
        unwritten=unwritten,
    )


def unjudged_comment(why: str) -> str:
    """What the bot says on a pull request that was merged in a way that leaves it in doubt."""
    return f"### ❌ **Merged, but not deployed**: {inert(why)}\n"


def hold_comment(hold: Intervention, *, noun: str) -> str:
    """What the bot says of a pull request that somebody holds, and of one that was let go."""
    return rendered("comments/hold.md", hold=hold, noun=noun)


def rejection_comment(rejection: Intervention, *, is_ours: bool, noun: str, unwritten: str = "") -> str:
    """What the bot says of a pull request that an owner turned down; `is_ours`: the bot opened it, and closes it.

    `unwritten` is why the ledger does not tell of it.
    """
    return rendered("comments/rejection.md", rejection=rejection, is_ours=is_ours, noun=noun, unwritten=unwritten)


def glass_comment(glass: Intervention, *, head: str, owners: Sequence[Person], noun: str) -> str:
    """What the bot says where somebody broke the glass: here alone it calls people by their names."""
    return rendered("comments/glass.md", glass=glass, head=head, owners=owners, noun=noun)


def help_comment(*, noun: str) -> str:
    """What can be asked in a comment; `noun` is what the forge calls a pull request."""
    return rendered("comments/help.md", noun=noun)


def answer_comment(*, to: Person, text: str, mark: str) -> str:
    """A short answer to a command."""
    return rendered("comments/answer.md", to=to, text=text, mark=mark)


def promotion(transition: Transition, *, requester: Person) -> str:
    """The description of a pull request that asks for a status."""
    return rendered("pull_requests/promotion.md", transition=transition, requester=requester)


def rollback(transition: Transition, *, requester: Person) -> str:
    """The description of a pull request that gives a status back to an earlier holder."""
    return rendered("pull_requests/rollback.md", transition=transition, requester=requester)


def registration(model: str, version: str, *, requester: Person, description: str) -> str:
    """The description of a pull request that registers a version."""
    return rendered(
        "pull_requests/registration.md", model=model, version=version, requester=requester, description=description
    )


def imported(
    model: str,
    *,
    source: str,
    versions: Mapping[str, str],
    left_out: Sequence[str],
    requester: Person,
    base: str,
) -> str:
    """The description of a pull request that brings a model along from another registry."""
    return rendered(
        "pull_requests/import.md",
        model=model,
        source=source,
        versions=versions,
        left_out=left_out,
        requester=requester,
        base=base,
    )


def revert(change: Unapproved) -> str:
    """The description of a pull request that takes back what nobody approved."""
    return rendered("pull_requests/revert.md", **dataclasses.asdict(change))


def taken_back(link: str, *, jobs: Sequence[str], noun: str) -> str:
    """What the bot says where something was merged that nobody had approved.

    `link` names what takes it back, but for `jobs`, which people must put back; it is empty where nothing else is left.
    """
    return rendered("comments/taken_back.md", link=link, jobs=jobs, noun=noun)


def overtaken_comment(lost: Lost, *, becomes: str) -> str:
    """What the bot says on a request that lost a race; `becomes` is what it has done about it."""
    return rendered("comments/overtaken.md", lost=lost, becomes=becomes)


def withdrawn_comment(why: str) -> str:
    """What the bot says on a request of its own that it closes."""
    return rendered("comments/withdrawn.md", why=why)


def notice(event: SendNotice) -> tuple[str, str]:
    """Title and text of what a chat, a mailbox or a pager is told."""
    title, _, text = rendered(f"notices/{event.about}.txt", **dataclasses.asdict(event)).partition("\n\n")
    return title, text


def status_description(verdict: Verdict) -> str:
    """The verdict in one line of plain text, with why a review that was given does not count."""
    return " ".join("; ".join([verdict.reason, *uncounted(verdict)]).split())


def inert(text: object) -> str:
    """Untrusted text on one line, in which nothing is a mention, a link, a command, markup or HTML."""
    line = " ".join(_UNSEEN.sub("", str(text)).split())
    line = _ACTIVE.sub("\\1\u2060", line)
    line = _MARKUP.sub(r"\\\1", line)
    return "\u2060" + line if line.startswith(("/", "-", "+", "=", ">", ":")) else line


def plain(text: object) -> str:
    """Untrusted text on one line of plain text, in which nobody is mentioned and no chat reads a command."""
    line = " ".join(_UNSEEN.sub("", str(text)).split())[:LONGEST_WORDS]
    return _CALLING.sub("\\g<0>\u2060", line)


def number(value: float | None) -> str:
    """A metric as a person reads it."""
    return NOTHING if value is None else figure(value)


def signed(value: float | None) -> str:
    """A change with its sign."""
    if value is None:
        return NOTHING
    return f"+{figure(value)}" if value > 0 else figure(value)


def percent(value: float | None) -> str:
    """A relative change, where one can be told; beyond ten times, how many times it is."""
    if value is None:
        return ""
    return f" (×{value + 1:.0f})" if value + 1 >= MANY_TIMES else f" ({value:+.2%})"  # noqa: RUF001 -- the sign for times


def _subject(report: Report) -> str:
    if report.problems:
        return "the registry would be invalid"
    if report.kind is Kind.NOTHING:
        return "nothing of the registry changes"
    wishes = [change for change in report.transitions if _is_wish(report, change)]
    if len(wishes) == 1:
        (wish,) = wishes
        if wish in report.returns:
            return f"roll {inert(wish.model)} back to {wish.version} in {inert(wish.after)}"
        return f"{inert(wish.model)} {wish.version} to {inert(wish.after)}"
    if wishes:
        return f"{len(wishes)} versions change their status"
    return _new_versions(report) if report.registrations else _files(report)


def _files(report: Report) -> str:
    if _asked_for(report, is_rules):
        return "a change of the rules"
    return "a change of what jobs run" if _asked_for(report, is_job) else "files of the registry"


def _asked_for(report: Report, kind: Callable[[str], bool]) -> bool:
    return any(kind(asked.path) for asked in report.approvers)


def _new_versions(report: Report) -> str:
    (first, *others) = report.registrations
    return f"register {len(others) + 1} versions" if others else f"register {inert(first.model)} {first.version}"


def _is_wish(report: Report, change: Transition) -> bool:
    """A version that was asked for, not one that only makes room for it."""
    return any(
        (candidate.model, candidate.version) == (change.model, change.version) for candidate in report.candidates
    )


def _wishes_first(report: Report) -> list[Transition]:
    return sorted(report.transitions, key=lambda change: not _is_wish(report, change))


def values_of(report: Report, *, passes: str) -> Mapping[str, object]:
    """What is told of an open pull request; `passes` is said where nothing is in the way."""
    approval = next((child for child in report.verdict.children if child.name == "approval"), report.verdict)
    failing = (child for child in report.verdict.children if child.state is VerdictState.FAILED)
    return {
        "report": report,
        "transitions": _wishes_first(report),
        "gates": _gates(report.verdict),
        "approval": approval,
        "subject": _subject(report),
        "mark": _ALARM if report.glass else MARKS[report.verdict.state],
        "reason": _first_reason(report, passes),
        "refused": any(child is not approval for child in failing),
        "uncounted": uncounted(report.verdict),
        "rules": _asked_for(report, is_rules),
        "jobs": _asked_for(report, is_job),
    }


def _first_reason(report: Report, passes: str) -> str:
    """What decides: the first leaf in the state of the whole, and how many more there are; a pass says so itself."""
    verdict = report.verdict
    if verdict.passed:
        return f"may be merged by whoever may break the glass; {verdict.reason}" if report.glass else passes
    reasons = list(dict.fromkeys(leaf.reason for leaf in verdict.leaves() if leaf.state is verdict.state))
    return f"{reasons[0]} (and {len(reasons) - 1} more)" if len(reasons) > 1 else reasons[0]


def _gates(verdict: Verdict) -> list[Verdict]:
    """Every bar that a version was held to: for who approves, the fact that matters most."""
    own = [verdict] if verdict.name.startswith("gates of ") and verdict.children else []
    return own + [gates for child in verdict.children for gates in _gates(child)]


def _merged_headline(report: Report, deploys: Sequence[DeployState]) -> str:
    headline, glass = _how_it_went(report, deploys), report.glass
    if glass is None or not report.verdict.passed:
        return headline
    return f"{_ALARM} glass broken by {inert(glass.person.login)}: {inert(glass.reason)}. {headline}"


def _how_it_went(report: Report, deploys: Sequence[DeployState]) -> str:
    if not report.verdict.passed:
        return "❌ **Merged, but not deployed**: " + inert(report.verdict.reason)
    outcomes = {state.outcome for state in deploys}
    if Outcome.FAILURE in outcomes:
        return "❌ **Merged; a deploy failed**"
    if any(state.waits for state in deploys):
        return "⏳ **Merged; a deploy waits**: write `/registrar deploy` when it is time"
    if Outcome.PENDING in outcomes:
        return "⏳ **Merged; deploying**"
    if outcomes:
        return "✅ **Merged and deployed**"
    return "✅ **Merged**"


def rendered(template: str, **values: object) -> str:
    """A template with its values in their places."""
    text = _environment().get_template(template).render(**values)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(str(templates_dir())),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 # this is Markdown: what a person wrote goes through `inert`
    )
    environment.filters |= {"inert": inert, "plain": plain, "number": number, "signed": signed, "percent": percent}
    environment.globals |= {"MARKS": MARKS, "JUDGEMENTS": JUDGEMENTS, "OUTCOMES": OUTCOMES}
    return environment
