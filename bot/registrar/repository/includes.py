"""Reads which files of its own repository a pipeline of GitLab's is made of."""

from collections.abc import Iterator

import yaml


class _Pipeline(yaml.SafeLoader):
    """Reads a pipeline's file, whatever tags of GitLab's it uses."""


_Pipeline.add_multi_constructor("!", lambda _loader, _tag, _node: None)


def included(text: bytes) -> Iterator[str]:
    """The paths, or patterns of paths, of https://docs.gitlab.com/ci/yaml/#includelocal.

    Of what is no YAML, no pipeline comes, and so it includes nothing.
    """
    try:
        read = yaml.load(text, _Pipeline)  # noqa: S506 - a safe loader
    except yaml.YAMLError:
        return
    include = read.get("include") if isinstance(read, dict) else None
    for each in include if isinstance(include, list) else [include]:
        local = each.get("local") if isinstance(each, dict) else each
        if isinstance(local, str) and "://" not in local:
            yield local.lstrip("/")
