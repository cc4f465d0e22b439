"""The manifests are what Kubernetes takes, and what the bot needs of it."""

import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / "deploy/kubernetes/registrar.yaml"
CONTAINERFILE = ROOT / "deploy/kubernetes/Containerfile"
KINDS = {
    "ConfigMap": "io.k8s.api.core.v1.ConfigMap",
    "Deployment": "io.k8s.api.apps.v1.Deployment",
    "PodDisruptionBudget": "io.k8s.api.policy.v1.PodDisruptionBudget",
    "Service": "io.k8s.api.core.v1.Service",
}


def manifests(text: str | None = None) -> dict[str, Any]:
    return {manifest["kind"]: manifest for manifest in yaml.safe_load_all(text or MANIFEST.read_text())}


def uncommented(text: str) -> str:
    """The manifest as it is where the ledger is signed: its commented lines are part of it."""
    head, first, rest = text.partition("apiVersion:")
    return head + first + re.sub(r"^( +)# (-|  |secret:)", r"\1\2", rest, flags=re.MULTILINE)


@cache
def published() -> Any:
    return json.loads((Path(__file__).parent / "schemas/kubernetes.json").read_bytes())


def problems(kind: str, manifest: object) -> list[str]:
    schema = published() | {"$ref": f"#/$defs/{KINDS[kind]}"}
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(manifest)]


def pod() -> Any:
    return manifests()["Deployment"]["spec"]["template"]["spec"]


def container() -> Any:
    [only] = pod()["containers"]
    return only


@pytest.mark.parametrize("kind", KINDS)
def test_kubernetes_takes_each_manifest(kind: str) -> None:
    assert problems(kind, manifests()[kind]) == []


def test_it_is_taken_with_a_signed_ledger_too() -> None:
    signed = manifests(uncommented(MANIFEST.read_text()))["Deployment"]

    [key] = [volume for volume in signed["spec"]["template"]["spec"]["volumes"] if volume["name"] == "ledger-key"]
    assert problems("Deployment", signed) == []
    assert key["secret"]["secretName"] == "registrar-ledger"


def test_a_word_that_kubernetes_does_not_know_is_noticed() -> None:
    manifest = manifests()["Deployment"]
    manifest["spec"]["template"]["spec"]["terminationGracePeriod"] = 60

    assert "terminationGracePeriod" in " ".join(problems("Deployment", manifest))


def test_whatever_selects_the_pods_selects_these() -> None:
    found = manifests()
    labels = found["Deployment"]["spec"]["template"]["metadata"]["labels"]

    assert [
        found["Service"]["spec"]["selector"],
        found["Deployment"]["spec"]["selector"]["matchLabels"],
        found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
        pod()["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"],
    ] == [labels] * 4


def test_everything_meets_at_the_port_that_the_bot_listens_on() -> None:
    [port] = container()["ports"]
    [service] = manifests()["Service"]["spec"]["ports"]
    probes = [container()[f"{kind}Probe"]["httpGet"]["port"] for kind in ("startup", "liveness", "readiness")]

    assert str(port["containerPort"]) == manifests()["ConfigMap"]["data"]["REGISTRAR_PORT"]
    assert [service["targetPort"], *probes] == [port["name"]] * 4


def test_no_service_says_another_port_through_the_environment() -> None:
    assert manifests()["Service"]["metadata"]["name"] == "registrar"  # whose port would be told as REGISTRAR_PORT
    assert pod()["enableServiceLinks"] is False


def test_a_replica_has_the_time_that_it_takes_to_stop() -> None:
    settings = manifests()["ConfigMap"]["data"]
    stopping = int(settings["REGISTRAR_DRAIN_SECONDS"]) + int(settings["REGISTRAR_GRACE_SECONDS"])

    assert stopping < pod()["terminationGracePeriodSeconds"]


def test_it_can_write_where_the_bot_writes_and_nowhere_else() -> None:
    mounts = {mount["mountPath"]: mount["name"] for mount in container()["volumeMounts"]}
    state = manifests()["ConfigMap"]["data"]["REGISTRAR_STATE_DIR"]
    [home] = [variable["value"] for variable in container()["env"] if variable["name"] == "HOME"]

    assert container()["securityContext"]["readOnlyRootFilesystem"] is True
    assert {volume["name"] for volume in pod()["volumes"]} == set(mounts.values())
    assert {state, home, "/tmp"} == set(mounts)


def test_it_runs_without_any_right() -> None:
    assert pod()["securityContext"]["runAsNonRoot"] is True
    assert container()["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert container()["securityContext"]["allowPrivilegeEscalation"] is False
    assert pod()["automountServiceAccountToken"] is False


def test_the_image_runs_as_the_user_that_the_manifest_names() -> None:
    user = pod()["securityContext"]

    assert f"USER {user['runAsUser']}:{user['runAsGroup']}\n" in CONTAINERFILE.read_text()


def test_the_image_is_made_of_all_that_the_wheel_is_made_of() -> None:
    lines = re.findall(r"^COPY (.+) \S+$", CONTAINERFILE.read_text(), flags=re.MULTILINE)
    copied = {path for line in lines for path in line.split()}
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = build["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {path.partition("/")[0] for path in (*wheel["packages"], *wheel["force-include"])}

    assert needed | {"pyproject.toml", build["project"]["readme"], *build["project"]["license-files"]} <= copied
    assert [path for path in copied if not (ROOT / path).exists()] == []


def test_no_secret_stands_in_a_file() -> None:
    assert "Secret" not in manifests()
    assert {"secretRef": {"name": "registrar"}} in container()["envFrom"]


def test_a_file_of_settings_for_systemd_changes_nothing_that_the_manifest_says() -> None:
    assert container()["envFrom"][-1] == {"configMapRef": {"name": "registrar"}}  # the last one wins


def test_no_replica_starts_without_the_database_that_all_share() -> None:
    [given] = [variable for variable in container()["env"] if variable["name"] == "REGISTRAR_DATABASE_URL"]

    assert manifests()["Deployment"]["spec"]["replicas"] > 1
    assert given["valueFrom"] == {"secretKeyRef": {"name": "registrar", "key": "REGISTRAR_DATABASE_URL"}}
