"""Knows what the jobs must be that are the bot where no server is."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from posixpath import normpath

from registrar.core.paths import is_guarded, is_job, is_of_registry
from registrar.core.setup import Finding, Untold, ok, problem, untold
from registrar.core.wording import every

WORKFLOWS = ".github/workflows"  # where GitHub looks for them
PIPELINE = ".gitlab-ci.yml"  # where GitLab looks, unless the project names another file

_OF_PROJECT = re.compile(r"(.+ya?ml)@([^:]+)(?::(.+))?")  # path@group/project[:ref], or an address:
_ELSEWHERE = re.compile(r".+ya?ml@.|https?:/")  # https://docs.gitlab.com/ci/pipelines/settings/
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")  # stays what it was when somebody looked at it
_COMMENT = re.compile(r"(?m)(?:^|\s)#.*$")
_RECONCILES = re.compile(r"(?:\bcommand:\s*[\"']?|\bregistrar\s+)reconcile\b")
_SCHEDULE = re.compile(r"\bschedule\s*:")
_PROPOSED = re.compile(r"github\.(?:event\.pull_request\.head|head_ref)|refs/pull/")


@dataclass(frozen=True, slots=True)
class Used:
    """A file, or a folder, that a job takes from its own repository."""

    path: str
    ref: str = ""  # the branch, the tag or the commit to take it from; empty: the commit that the job runs for
    is_run: bool = True  # or it is but named, and may be read alone, or run where the token is not


@dataclass(frozen=True, slots=True)
class Schedules:
    """When pipelines of the base begin by themselves, where a forge says it and no file."""

    times: tuple[str, ...]  # as cron has them
    page: str  # where a person changes them


def reconciles(text: str) -> bool:
    """Whether a job is the bot."""
    return _RECONCILES.search(_COMMENT.sub("", text)) is not None


def job_findings(
    texts: Mapping[str, str],
    used: Mapping[str, Iterable[Used]],
    *,
    base: str,
    schedules: Schedules | Untold | None,
    is_everybodys: bool,
) -> Iterator[Finding]:
    """Whether a pipeline of the base is the bot, by itself from time to time, and obeys nobody else's files.

    `used` is what the jobs of each file take that have the bot's token, or may have it. Without `schedules` each file
    says itself when it begins.
    """
    if is_everybodys:
        says = (
            "the account is that of every workflow, so what it says proves nothing, and registrar reconcile refuses it"
        )
        yield problem(
            "account", says, "give REGISTRAR_TOKEN the token of an app, or an account, that is the bot's alone"
        )
    bots = {path: _COMMENT.sub("", text) for path, text in texts.items() if reconciles(text)}
    if not bots:
        yield _no_bot(texts, base)
    for path, text in bots.items():
        yield ok("jobs", f"{path} on {base} runs registrar reconcile")
        yield _schedule(path, text, schedules)
        if _PROPOSED.search(text):
            says = f"{path} uses files of a pull request where the bot's token is, so whoever opens one has the token"
            yield problem("jobs, files", says, "take the checkout out: the bot reads the registry through git")
    for path, taken in used.items() if bots else ():
        yield from _unguarded(path, taken, base, is_github=_is_github(texts))


def is_elsewhere(path: str) -> bool:
    """Whether what a project of GitLab's names for its pipeline's file is none of its own."""
    return _ELSEWHERE.match(path) is not None


def place_findings(path: str, *, page: str) -> Iterator[Finding]:
    """Whether the file that a project of GitLab's names for its pipeline is one that owners are asked about."""
    check, there = "jobs, file", f"at {page}: General pipelines, CI/CD configuration file"
    if is_elsewhere(path):
        yield untold(check, Untold(_whose(path), f"see who that is; maintainers name another file {there}"))
    elif not is_job(path):
        says = (
            f"the pipeline's file is {path}, where the bot's token is, and Registrar guards none but {PIPELINE} and "
            "what is in .gitlab/ci: who may merge a change of it may take the token"
        )
        yield problem(check, says, f"move it to {PIPELINE} or below .gitlab/ci, and name it {there}")


def _whose(path: str) -> str:
    named = _OF_PROJECT.fullmatch(path)
    if named is None:
        return f"the pipeline's file is {path}: whoever may change what is there has the bot's token"
    file, project, ref = named.groups()
    changed = ref or "its default branch"
    return f"the pipeline's file is {file} of {project}: whoever may change {changed} there has the bot's token"


def _no_bot(texts: Mapping[str, str], base: str) -> Finding:
    far = [path for path in texts if is_elsewhere(path)]
    if far:
        return untold(
            "jobs", Untold(f"whether {far[0]} runs registrar reconcile is not looked at outside of the registry")
        )
    lacking = [path for path, text in texts.items() if not text and not path.startswith(WORKFLOWS)]
    none = f"{lacking[0]} is not on {base}, so no job there" if lacking else f"none on {base}"
    made = "registrar init" if _is_github(texts) else "registrar init --forge gitlab"
    mend = f"copy the jobs of docs/serverless.md to {base}, or those that {made} writes into an empty folder"
    return problem("jobs", f"{none} runs registrar reconcile", mend)


def _is_github(texts: Mapping[str, str]) -> bool:
    return all(path.startswith(WORKFLOWS) for path in texts)


def _unguarded(path: str, used: Iterable[Used], base: str, *, is_github: bool) -> Iterator[Finding]:
    """Files of the registry that a job with the bot's token runs, and that no owner is asked about."""
    check, taken = "jobs, files", dict.fromkeys(_plain(each, base) for each in used)
    folder = ".github/actions or .github/workflows" if is_github else ".gitlab/ci"
    move = f"move it below {folder}, where a change waits for the owners of the rules"
    asked = "where the bot's token is, and nobody is asked"
    for each in taken:
        if each.ref and not _COMMIT.fullmatch(each.ref):
            says = f"{path} runs {each.path} as it is at {each.ref}, {asked} what that is"
            yield problem(check, says, f"take it from beside {path}, and {move}")
        elif each.is_run and not each.ref and not is_job(each.path):
            yield problem(check, f"{path} runs {each.path}, {asked} who may change that", move)
    named = [each.path for each in taken if not each.is_run and replace(each, is_run=True) not in taken]
    open_to_all = [name for name in named if not is_guarded(name) and not is_of_registry(name)]
    if open_to_all:
        may = "and may run it beside the bot's token; nobody is asked who changes it"
        says = f"{path} names {every(open_to_all)}, {may}"
        yield untold(check, Untold(says, f"if it does, {move}"))


def _plain(used: Used, base: str) -> Used:
    """Without detours. A short name of the base may also be a tag's, which is anybody's."""
    return replace(used, path=normpath(used.path), ref="" if used.ref == f"refs/heads/{base}" else used.ref)


def _schedule(path: str, text: str, schedules: Schedules | Untold | None) -> Finding:
    check = "jobs, schedule"
    if isinstance(schedules, Untold):
        return untold(check, schedules)
    says, add = f"nothing starts {path} when no event does, so what a lost run left is never done", '"*/10 * * * *"'
    if schedules is not None:
        mend = f"add one that is active, {add}, at {schedules.page}"
        return (
            ok(check, f"{path} starts at {every(schedules.times)}") if schedules.times else problem(check, says, mend)
        )
    if not _SCHEDULE.search(text):
        return problem(check, says, f"add to its `on`: schedule: [{{cron: {add}}}]")
    return ok(check, f"{path} starts by itself")
