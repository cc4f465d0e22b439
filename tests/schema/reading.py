"""What the tests of the schema share: files that are right, and the problems of those that are not."""

from collections.abc import Callable

from hypothesis import HealthCheck, settings

from registry_schema import (
    InvalidFile,
    Problem,
    read_dataset,
    read_model,
    read_registry,
    read_status,
    read_version,
)

UNHURRIED = settings(deadline=None, derandomize=True, max_examples=200, suppress_health_check=[HealthCheck.too_slow])

READERS: dict[str, Callable[[bytes, str], object]] = {
    "registry": read_registry,
    "model": read_model,
    "status": read_status,
    "version": read_version,
    "dataset": read_dataset,
}

EXAMPLES = {
    "registry": """\
schema: 1
statuses:
  Development: {}
  Staging:
    promotes_from: [Development]
    gates:
      - metric: accuracy
        at_least: 0.9
      - {metric: latency, at_most: 20, not_worse_than: Production, tolerance: 0.5}
  Production:
    promotes_from: [Staging]
    holders: one
    displaced_to: Archived
    approvals: {count: 2, from: codeowners, permission: maintain}
  Archived:
    promotes_from: [Development, Staging, Production]
deploys:
  - status: Production
    repository: acme/digits-ui
    pipeline: deploy.yml
    ref: release/2
    models: ["risk/**", digits]
""",
    "model": """\
description: Reads handwritten digits.
task: image-classification
metrics:
  accuracy: {direction: higher, unit: "%", primary: true}
  latency (ms): {direction: lower}
notes: Ask the owners.
""",
    "status": """\
# who holds what
Production:
  - {version: 2.0.0, traffic: 90}
  - {version: 2.1.0, traffic: 10}
Staging: {version: 2.2.0}
QA: 2.3.0
Development: [3.0.0-rc.1, 3.0.0-rc.2]
Archived:
""",
    "version": """\
description: More layers.
created: 2026-03-01T12:00:00+01:00
source: {repository: https://github.com/acme/digits, commit: 9fceb02d0ae598e95dc970b74767f19372d61af8}
artifacts:
  weights: {path: model.joblib, hash: md5:9e107d9d372bb6826bd81d3542a419d6, size: 4096}
dataset: digits/small@1.0.0
metrics: {accuracy: 0.97, errors: 12, loss: 1e-3}
parameters: {layers: 3, rate: 1.0e-3, solver: adam, shuffle: true, depth: null}
""",
    "dataset": """\
description: Eight by eight pixels of 1,797 digits.
artifacts:
  digits: {path: data/digits.csv, hash: md5:9e107d9d372bb6826bd81d3542a419d6, size: 0}
rows: 1797
""",
}


def problems_of(kind: str, text: str | bytes, *, path: str = "f.yaml") -> tuple[Problem, ...]:
    """Every problem of a file, in order; none when it can be read."""
    try:
        READERS[kind](text.encode() if isinstance(text, str) else text, path)
    except InvalidFile as invalid:
        return invalid.problems
    return ()


def told(kind: str, text: str | bytes) -> list[str]:
    """The problems of a file as a person reads them, without its path."""
    return [str(problem).removeprefix("f.yaml") for problem in problems_of(kind, text)]
