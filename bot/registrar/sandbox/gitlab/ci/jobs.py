"""Knows what one job of a `.gitlab-ci.yml` says, and what becomes of it in one pipeline."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from registrar.sandbox.gitlab.ci.keywords import duration, mapping, refuse_others, scalar, texts, variables
from registrar.sandbox.gitlab.ci.refusals import InvalidPipeline, Unsupported
from registrar.sandbox.gitlab.ci.rules import Rule, first_that_holds, read_allow_failure, read_rules, read_when
from registrar.sandbox.pipelines import EnvironmentPlan, JobPlan

# What changes nothing on one machine that works on few jobs at a time.
JOB_IGNORED = {"image", "tags", "cache", "interruptible", "resource_group", "services", "coverage"}
_JOB = {"stage", "script", "before_script", "after_script", "variables", "needs", "rules", "when", "allow_failure"}
_JOB |= {"environment", "artifacts", "timeout"}
_ENVIRONMENT = {"name", "url", "action", "deployment_tier"}
_ENVIRONMENT_IGNORED = {"auto_stop_in", "kubernetes", "on_stop"}
_ACTIONS = ("start", "stop", "prepare", "verify", "access")
_TIERS = ("production", "staging", "testing", "development", "other")
_ARTIFACTS = {"reports", "expire_in", "name", "access", "public"}


@dataclass(frozen=True, slots=True)
class ConfiguredJob:
    """A job as its file says it, before its rules were asked."""

    plan: JobPlan
    rules: tuple[Rule, ...] | None
    allow_failure: bool | None
    optional_needs: frozenset[str] = frozenset()  # those it does without where they are not

    def in_pipeline(self, values: Mapping[str, str]) -> JobPlan | None:
        """The job in a pipeline with these variables; None when its rules leave it out.

        A manual job need not be waited for, unless a rule made it one.
        """
        if self.rules is None:
            allowed = self.plan.when == "manual" if self.allow_failure is None else self.allow_failure
            return None if self.plan.when == "never" else replace(self.plan, allow_failure=allowed)
        rule = first_that_holds(self.rules, values)
        when = None if rule is None else rule.when or self.plan.when
        if rule is None or when is None or when == "never":
            return None
        allowed = bool(self.allow_failure) if rule.allow_failure is None else rule.allow_failure
        known = {**self.plan.variables, **rule.variables}
        return replace(self.plan, when=when, allow_failure=allowed, variables=known)


def read_job(name: str, body: Mapping[str, Any], defaults: Mapping[str, Any]) -> ConfiguredJob:
    """A job, from what is under its name and the defaults. Raises `InvalidPipeline`."""
    where = f"jobs:{name}"
    refuse_others(body, _JOB | JOB_IGNORED, where)
    whole = {**defaults, **body}
    script = texts(whole.get("script"), f"{where}:script")
    if not script:
        raise InvalidPipeline(f"{where} config should implement the script:, run:, or trigger: keyword")
    needs, optional = _needs(whole.get("needs"), where)
    plan = JobPlan(
        name=name,
        stage="test" if whole.get("stage") is None else scalar(whole["stage"], f"{where}:stage"),
        script=script,
        before_script=texts(whole.get("before_script"), f"{where}:before_script"),
        after_script=texts(whole.get("after_script"), f"{where}:after_script"),
        variables=variables(whole.get("variables"), f"{where}:variables"),
        needs=needs,
        when=read_when(whole.get("when"), where) or "on_success",
        environment=_environment(whole.get("environment"), where),
        dotenv=_dotenv(whole.get("artifacts"), where),
        timeout=duration(whole.get("timeout"), f"{where}:timeout"),
    )
    rules = read_rules(whole.get("rules"), f"{where}:rules")
    return ConfiguredJob(plan, rules, read_allow_failure(whole.get("allow_failure"), where), optional)


def _needs(value: object, where: str) -> tuple[tuple[str, ...] | None, frozenset[str]]:
    if value is None:
        return None, frozenset()
    if not isinstance(value, list):
        raise InvalidPipeline(f"{where}:needs config can only be a hash or an array")
    bodies = [{"job": each} if isinstance(each, str) else mapping(each, f"{where}:needs") for each in value]
    for body in bodies:
        refuse_others(body, {"job", "artifacts", "optional"}, f"{where}:needs")
    names = tuple(scalar(body.get("job"), f"{where}:needs:job") for body in bodies)
    return names, frozenset(name for name, body in zip(names, bodies, strict=True) if body.get("optional") is True)


def _environment(value: object, where: str) -> EnvironmentPlan | None:
    if value is None:
        return None
    body = {"name": value} if isinstance(value, str) else mapping(value, f"{where}:environment")
    refuse_others(body, _ENVIRONMENT | _ENVIRONMENT_IGNORED, f"{where}:environment")
    plan = EnvironmentPlan(
        name=scalar(body.get("name"), f"{where}:environment name"),
        url="" if body.get("url") is None else scalar(body["url"], f"{where}:environment url"),
        action=str(body.get("action", "start")),
        tier=str(body.get("deployment_tier", "")),
    )
    if plan.action not in _ACTIONS:
        raise InvalidPipeline(f"{where}:environment action should be {', '.join(_ACTIONS)}")
    if plan.tier not in {*_TIERS, ""}:
        raise InvalidPipeline(f"{where}:environment deployment tier must be one of {', '.join(_TIERS)}")
    return plan


def _dotenv(value: object, where: str) -> tuple[str, ...]:
    body = mapping(value, f"{where}:artifacts")
    refuse_others(body, _ARTIFACTS, f"{where}:artifacts")
    reports = mapping(body.get("reports"), f"{where}:artifacts:reports")
    refuse_others(reports, {"dotenv"}, f"{where}:artifacts:reports")
    files = texts(reports.get("dotenv"), f"{where}:artifacts:reports:dotenv")
    if any("*" in file for file in files):
        raise Unsupported(f"{where}:artifacts:reports:dotenv", "patterns")
    return files
