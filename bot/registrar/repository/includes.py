"""Reads which files of its own repository a pipeline of GitLab's is made of."""

from collections.abc import Callable, Iterator, Mapping

import yaml


class _Pipeline(yaml.SafeLoader):
    """Reads a pipeline's file, whatever tags of GitLab's it uses."""


_Pipeline.add_multi_constructor("!", lambda _loader, _tag, _node: None)


def included(text: bytes) -> Iterator[str]:
    """The paths, or patterns of paths, of https://docs.gitlab.com/ci/yaml/#includelocal, also those of its children.

    Of what is no YAML, no pipeline comes, and so it includes nothing.
    """
    try:
        documents = [*yaml.load_all(text, _Pipeline)]
    except (yaml.YAMLError, ValueError, RecursionError):  # a date that is none, and what is too deep
        return
    for read in (each for each in documents if isinstance(each, dict)):
        triggers = (job.get("trigger") for job in read.values() if isinstance(job, dict))
        children = (trigger.get("include") for trigger in triggers if isinstance(trigger, dict))
        for include in (read.get("include"), *children):
            yield from _local(include)


def all_included(read: Callable[[str], Mapping[str, bytes]], path: str) -> tuple[Mapping[str, bytes], tuple[str, ...]]:
    """The files of a pipeline, and what they include, as they write it; `read` gives the files that a path means."""
    files, named, unread = dict(read(path)), dict[str, None](), [*read(path)]
    while unread:
        for pattern in included(files[unread.pop()]):
            named[pattern] = None
            new = {each: text for each, text in read(pattern).items() if each not in files}
            files |= new
            unread += new
    return files, tuple(named)


def _local(include: object) -> Iterator[str]:
    for each in include if isinstance(include, list) else [include]:
        local = each.get("local") if isinstance(each, dict) else each
        if isinstance(local, str) and "://" not in local:
            yield local.lstrip("/")
