"""Knows what the jobs must be that are the bot where no server is."""

import re
from collections.abc import Iterable, Iterator, Mapping
from posixpath import normpath

from registrar.core.paths import is_job
from registrar.core.setup import Finding, Untold, ok, problem, untold

WORKFLOWS = ".github/workflows"  # where GitHub looks for them
PIPELINE = ".gitlab-ci.yml"  # where GitLab looks, unless the project names another file

_OF_PROJECT = re.compile(r"(.+ya?ml)@([^:]+)(?::(.+))?")  # path@group/project[:ref], or an address:
_ELSEWHERE = re.compile(r".+ya?ml@.|https?:/")  # https://docs.gitlab.com/ci/pipelines/settings/
_COMMENT = re.compile(r"(?m)(?:^|\s)#.*$")
_RECONCILES = re.compile(r"(?:\bcommand:\s*[\"']?|\bregistrar\s+)reconcile\b")
_SCHEDULE = re.compile(r"\bschedule\s*:")
_USED = re.compile(r"""\buses:\s*["']?\./([^\s"'#]*)""")  # an action or a workflow of the same repository
_PROPOSED = re.compile(r"github\.(?:event\.pull_request\.head|head_ref)|refs/pull/")


def job_findings(
    texts: Mapping[str, str], *, base: str, tells: bool, is_everybodys: bool, included: Iterable[str] = ()
) -> Iterator[Finding]:
    """Whether a pipeline of the base is the bot, by itself from time to time, and obeys nobody else's files.

    `tells`: whether its file says when it starts by itself. `included`: what of the same repository GitLab adds.
    """
    if is_everybodys:
        says = (
            "the account is that of every workflow, so what it says proves nothing, and registrar reconcile refuses it"
        )
        yield problem(
            "account", says, "give REGISTRAR_TOKEN the token of an app, or an account, that is the bot's alone"
        )
    found = {path: _COMMENT.sub("", text) for path, text in texts.items()}
    bots = {path: text for path, text in found.items() if _RECONCILES.search(text)}
    if not bots:
        yield _no_bot(texts, base)
    for path, text in bots.items():
        yield ok("jobs", f"{path} on {base} runs registrar reconcile")
        yield _schedule(path, text, tells=tells)
        if _PROPOSED.search(text):
            says = f"{path} uses files of a pull request where the bot's token is, so whoever opens one has the token"
            yield problem("jobs, files", says, "take the checkout out: the bot reads the registry through git")
        yield from _unguarded(path, [*included, *_USED.findall(text)])


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
        return untold("jobs", Untold(f"whether {far[0]} runs registrar reconcile is not looked at: it is not of here"))
    lacking = [path for path, text in texts.items() if not text and not path.startswith(WORKFLOWS)]
    none = f"{lacking[0]} is not on {base}, so no job there" if lacking else f"none on {base}"
    mend = f"copy the jobs of docs/serverless.md to {base}, or run registrar init in an empty folder and take its"
    return problem("jobs", f"{none} runs registrar reconcile", mend)


def _unguarded(path: str, used: Iterable[str]) -> Iterator[Finding]:
    """Files of the registry that the bot's job runs, and that no owner is asked about."""
    paths = (normpath(name) if name else "action.yml" for name in used)
    for found in (name for name in dict.fromkeys(paths) if not is_job(name)):
        says = f"{path} runs {found}, where the bot's token is, and nobody is asked who may change that"
        folder = ".github/actions or .github/workflows" if path.startswith(".github/") else ".gitlab/ci"
        yield problem("jobs, files", says, f"move it below {folder}, where a change waits for the owners of the rules")


def _schedule(path: str, text: str, *, tells: bool) -> Finding:
    check = "jobs, schedule"
    if not tells:
        why = Untold(f"{path} does not say which schedules there are", "see Build, Pipeline schedules, in the project")
        return untold(check, why)
    if not _SCHEDULE.search(text):
        says = f"nothing starts {path} when no event does, so what a lost run left is never done"
        return problem(check, says, 'add to its `on`: schedule: [{cron: "*/10 * * * *"}]')
    return ok(check, f"{path} starts by itself")
