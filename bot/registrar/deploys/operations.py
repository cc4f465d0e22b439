"""What names a deploy on the other side: its operation key, its line under the merged commit, its payload."""

from collections.abc import Mapping
from dataclasses import dataclass

from registrar.core.deploying import PlannedDeploy
from registrar.core.operations import operation_key
from registrar.core.pipelines import Passing, Target
from registrar.errors import NotAllowed
from registry_schema import Deploy


def operation_of(number: int, planned: PlannedDeploy, *, commit: str) -> str:
    """The key of this deploy by this merged commit, the same however often it is worked out."""
    change, rule = planned.transition, planned.rule
    target = f"{change.after}:{rule.repository}:{_pipeline(rule, ':')}"
    return operation_key(number, model=change.model, version=change.version, status=target, commit=commit)


def status_context(planned: PlannedDeploy) -> str:
    """The name of the line under the merged commit that tells how the deploy stands."""
    change, rule = planned.transition, planned.rule
    pipeline = f"{rule.repository} {_pipeline(rule, ' on ')}"
    return f"registrar: deploy {change.model} {change.version} to {change.after} by {pipeline}"


def target_of(planned: PlannedDeploy, secrets: Mapping[str, str]) -> Target:
    """The pipeline that deploys it. Raises `NotAllowed` when its rule names a secret that the bot was not given."""
    return target_of_rule(planned.rule, secrets)


def target_of_rule(rule: Deploy, secrets: Mapping[str, str]) -> Target:
    """The pipeline that a rule starts; the same."""
    if rule.trigger_token is not None and rule.trigger_token not in secrets:
        raise NotAllowed(f"registry.yaml names {rule.trigger_token}, which is not set where the bot runs; set it there")
    token = secrets[rule.trigger_token] if rule.trigger_token is not None else ""
    return Target(rule.repository, rule.pipeline, rule.ref, Passing(rule.parameters), token)


def _pipeline(rule: Deploy, before_ref: str) -> str:
    """Two rules may differ in nothing but the branch."""
    return rule.pipeline if rule.ref == "main" else f"{rule.pipeline}{before_ref}{rule.ref}"


@dataclass(frozen=True, slots=True)
class Payload:
    """What a pipeline is told: which weights, from where, by whose approval, and under which operation key."""

    planned: PlannedDeploy
    commit: str  # of the registry: what was merged
    weights_path: str  # in the registry, where DVC would put them
    weights_hash: str
    pull_request: int
    approvers: tuple[str, ...]

    def inputs(self) -> dict[str, str]:
        """The names are promised to every pipeline that is started: see docs/deploys.md."""
        change = self.planned.transition
        return {
            "model": change.model,
            "version": change.version,
            "from": change.before,
            "to": change.after,
            "commit": self.commit,
            "artifact": self.weights_path,
            "hash": self.weights_hash,
            "pull_request": str(self.pull_request),
            "approvers": ", ".join(self.approvers),
            "operation": operation_of(self.pull_request, self.planned, commit=self.commit),
        }
