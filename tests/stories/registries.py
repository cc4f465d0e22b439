"""Registries as stories need them: every default here, so that a story shows only what matters."""

import hashlib
from collections.abc import Mapping

CODEOWNERS = "* @ana\n/models/ @ana @acme/admins\n"

RULES = """\
statuses:
  Development: {}
  Staging: {promotes_from: [Development]}
  Production:
    promotes_from: [Development, Staging]
    holders: one
    displaced_to: Archived
    approvals: {count: 1, from: codeowners, permission: admin}
    gates:
      - {metric: accuracy, not_worse_than: Production, tolerance: 0.01}
  Archived: {promotes_from: [Development, Staging, Production]}
deploys:
  - {status: Production, repository: acme/app, pipeline: deploy.yml}
"""

MODEL = """\
description: reads handwritten digits
metrics:
  accuracy: {direction: higher, primary: true}
  latency: {direction: lower, unit: ms}
"""


def a_registry(
    versions: Mapping[str, float] | None = None,
    *,
    status: str = "",
    rules: str = RULES,
    codeowners: str = CODEOWNERS,
    model: str = MODEL,
) -> dict[str, str]:
    """A registry of one model, digits, with these versions and their accuracy."""
    files = {"registry.yaml": rules, "CODEOWNERS": codeowners, "models/digits/model.yaml": model}
    if status:
        files["models/digits/status.yaml"] = status
    for version, accuracy in (versions or {}).items():
        files |= a_version(version, accuracy=accuracy)
    return files


def a_version(version: str, *, accuracy: float = 0.9, latency: float = 5.0, model: str = "digits") -> dict[str, str]:
    """The files that registering a version adds."""
    digest = hashlib.md5(f"{model} {version}".encode(), usedforsecurity=False).hexdigest()
    folder = f"models/{model}/versions/{version}"
    return {
        f"{folder}/version.yaml": (
            f"created: 2026-03-01T12:00:00+00:00\n"
            f"artifacts:\n  weights: {{path: model.joblib, hash: 'md5:{digest}', size: 10}}\n"
            f"metrics: {{accuracy: {accuracy}, latency: {latency}}}\n"
        ),
        f"{folder}/model.joblib.dvc": f"outs:\n- md5: {digest}\n  size: 10\n  hash: md5\n  path: model.joblib\n",
    }
