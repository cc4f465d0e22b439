"""Reads which files of its own repository a pipeline of GitLab's is made of, and runs."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from registrar.core.setup_jobs import Used, reconciles
from registrar.repository.ci_yaml import documents, mappings, text_at, written
from registrar.repository.scripts import files_in

_ITSELF = frozenset({"$CI_PROJECT_PATH", "${CI_PROJECT_PATH}"})
_COMPONENT = re.compile(r"[^/]+/(.+)/([^/@]+)@(.+)")  # host/group/project/name@version
_SCRIPTS = ("before_script", "script", "after_script")

Files = Callable[[str], Mapping[str, bytes]]  # those that a path or a pattern means; none where there is none


def pipeline_of(
    files: Files, path: str, *, repository: str, is_file: Callable[[str], bool]
) -> tuple[Mapping[str, bytes], Mapping[str, tuple[Used, ...]]]:
    """The files that a pipeline is made of, and what each of them takes from its repository."""
    read, unread, used = dict(files(path)), [*files(path)], dict[str, tuple[Used, ...]]()
    while unread:
        current = unread.pop()
        taken = dict.fromkeys(included(read[current], repository))
        for each in (each for each in taken if not each.ref):
            new = {name: text for name, text in files(each.path).items() if name not in read}
            read |= new
            unread += new
        used[current] = (*taken, *dict.fromkeys(scripted(read[current], is_file)))
    return read, used


def included(text: bytes, repository: str) -> Iterator[Used]:
    """What it includes that is the repository's own, also by its children; https://docs.gitlab.com/ci/yaml/#include."""
    for read in documents(text):
        triggers = (job.get("trigger") for job in read.values() if isinstance(job, dict))
        children = (trigger.get("include") for trigger in triggers if isinstance(trigger, dict))
        for include in (read.get("include"), *children):
            for each in include if isinstance(include, list) else [include]:
                yield from _own({"local": each} if isinstance(each, str) else each, repository)


def scripted(text: bytes, is_file: Callable[[str], bool]) -> Iterator[Used]:
    """The files that its scripts name.

    A job that is the bot has its token for sure. Any other has it where it runs on a protected branch, which its rules
    say and variables with them: of such a job only what it runs is told, and that it may be run there.
    """
    for read in documents(text):
        jobs = [read, *(job for name, job in read.items() if isinstance(job, dict) and name != "variables")]
        for job in jobs:
            if text_at(job, "variables", "GIT_STRATEGY") in {"none", "empty"}:
                continue
            is_bot = reconciles(written(job if job is not read else {}))
            for used in files_in("\n".join(_lines(job)), is_file):
                if is_bot or used.is_run:
                    yield Used(used.path, is_run=is_bot and used.is_run)


def _lines(job: Mapping[Any, Any]) -> Iterator[str]:
    """What it runs; lists in lists are what https://docs.gitlab.com/ci/yaml/yaml_optimization/ makes."""
    waiting: list[object] = [job.get(key) for key in _SCRIPTS]
    seen: set[int] = set()
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, str):
            yield part
        elif isinstance(part, list) and id(part) not in seen:
            seen.add(id(part))
            waiting[:0] = part


def _own(include: object, repository: str) -> Iterator[Used]:
    local, project = text_at(include, "local"), text_at(include, "project")
    if local and "://" not in local:
        yield Used(local.lstrip("/"))
    if _is_own(project, repository):
        for named in mappings(include):
            files = named.get("file")
            for file in files if isinstance(files, list) else [files]:
                yield Used(str(file).lstrip("/"), text_at(include, "ref"))
    component = _COMPONENT.fullmatch(text_at(include, "component"))
    if component is not None and _is_own(component[1], repository):
        yield Used(f"templates/{component[2]}", "" if component[3] == "$CI_COMMIT_SHA" else component[3])


def _is_own(project: str, repository: str) -> bool:
    return project in _ITSELF or project.strip("/").casefold() == repository.casefold()
