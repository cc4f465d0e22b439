"""Knows what a change does to each model that it touches: where it began, where it leads, and on the base meanwhile."""

from collections.abc import Iterable, Iterator

from registrar.core.evaluation_facts import ModelChange
from registrar.core.layout import model_of_path, status_path
from registrar.core.standing import named
from registrar.repository.snapshot import Snapshot


def model_changes(paths: Iterable[str], *, fork: Snapshot, base: Snapshot, head: Snapshot) -> Iterator[ModelChange]:
    """One change a model that the paths belong to, by name. Raises `InvalidRegistry` where a file cannot be read."""
    for model in sorted({model for path in paths if (model := model_of_path(path)) is not None}):
        status = status_path(model)
        present, had = head.versions(model), {*fork.versions(model)}
        registered = tuple(version for version in present if version not in had)
        before, after, tip = fork.holdings(model), head.holdings(model), base.holdings(model)
        known = {each: snap for snap in (fork, base, head) for each in snap.versions(model)}
        wanted = {*registered, *named(before), *named(after), *named(tip)} & known.keys()
        yield ModelChange(
            name=model,
            status_path=status,
            model=next(snap for snap in (base, head, fork) if snap.has_model(model)).model(model),
            before=before,
            after=after,
            tip=tip,
            before_blob=fork.repository.blob_id(fork.commit, status),
            tip_blob=base.repository.blob_id(base.commit, status),
            versions=present,
            registered=registered,
            facts={
                version: facts
                for snap in (fork, base, head)
                for version, facts in snap.facts(model, {each for each in wanted if known[each] is snap}).items()
            },
        )
