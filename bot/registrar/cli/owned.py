"""Knows who owns what needs an approval, on the base branch and on the forge, as far as it takes to judge a set-up."""

from collections.abc import Iterable, Iterator, Mapping

from registrar.core.codeowners.ownership import Codeowners, required_of, why_unowned
from registrar.core.layout import REGISTRY, status_path
from registrar.core.paths import JOBS
from registrar.core.setup import Untold
from registrar.core.setup_owners import OwnersFacts, strictest
from registrar.errors import RegistrarError
from registrar.forges.setup import SetupForge
from registrar.handlers.bot import Bot
from registrar.handlers.owners import owners_of
from registrar.repository.snapshot import Snapshot
from registry_schema import Approvals, Problem, Registry


def owners_facts(bot: Bot, registry: Snapshot, rules: Registry | None, forge: SetupForge) -> OwnersFacts:
    """Everything that bears on who can approve what; people are asked for once for each set of lines."""
    codeowners = bot.forge.find_codeowners(registry.text)
    if codeowners is None:
        return OwnersFacts(None, forge.places, (), {}, {}, {}, {}, bot.forge.myself())
    demands = dict(_demands(registry, rules, codeowners.file))
    alike = _alike(codeowners, demands)
    owners, unowned, problems = owners_of(bot, alike, base=registry.commit)
    return OwnersFacts(
        file=codeowners.file,
        places=forge.places,
        problems=(*problems, *_others(problems, forge, bot.base)),
        demands={path: demands[path] for path in alike},
        alike=alike,
        owners=owners,
        unowned=unowned,
        bot=bot.forge.myself(),
    )


def _demands(registry: Snapshot, rules: Registry | None, file: str) -> Iterator[tuple[str, Approvals]]:
    known = rules or Registry()
    yield file, known.rules.approvals.demand
    yield REGISTRY, known.rules.approvals.demand
    for path in JOBS:
        yield from ((found, known.rules.approvals.demand) for found in _files(registry, path))
    for model in registry.models() if rules is not None else ():
        demand = strictest(known, model)
        if demand is not None:
            yield status_path(model), demand


def _files(registry: Snapshot, path: str) -> Iterator[str]:
    """The file at a path, or every one below it."""
    entry = registry.repository.entry(registry.commit, path)
    if entry is not None and not entry.is_folder:
        yield path
    for below in registry.repository.entries(registry.commit, path):
        yield from _files(registry, f"{path}/{below.name}")


def _alike(codeowners: Codeowners, demands: Mapping[str, Approvals]) -> Mapping[str, list[str]]:
    """The paths that the same lines own for the same demand, by the first of them."""
    groups: dict[object, list[str]] = {}
    for path, demand in demands.items():
        lines = tuple(ownership.source for ownership in required_of(codeowners, path))
        groups.setdefault((demand, lines or path, why_unowned(codeowners, path)), []).append(path)
    return {paths[0]: paths for paths in groups.values()}


def _others(known: Iterable[Problem], forge: SetupForge, base: str) -> tuple[Problem, ...]:
    """What the forge itself finds wrong, where our own reading did not; that is only ever more."""
    try:
        errors = forge.codeowners_errors(base)
    except RegistrarError as error:
        return (Problem("CODEOWNERS", 0, f"the forge does not say whether it can use it: {error}"),)
    if isinstance(errors, Untold):
        return ()
    said = {(each.path, each.line) for each in known}
    return tuple(each for each in errors if (each.path, each.line) not in said)
