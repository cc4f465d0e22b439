"""Knows what a `.gitlab-ci.yml` says, as far as the sandbox can run it; refuses the rest by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from registrar.sandbox.gitlab.ci.inputs import Input, accepted_inputs, read_inputs
from registrar.sandbox.gitlab.ci.interpolation import interpolate
from registrar.sandbox.gitlab.ci.jobs import JOB_IGNORED, ConfiguredJob, read_job
from registrar.sandbox.gitlab.ci.keywords import mapping, refuse_others, refuse_unknown, scalar, texts, variables
from registrar.sandbox.gitlab.ci.refusals import InvalidPipeline
from registrar.sandbox.gitlab.ci.rules import Rule, read_rules
from registrar.sandbox.pipelines import Variable

PATH = ".gitlab-ci.yml"
MAX_SIZE = 2_000_000  # characters; GitLab's own limit for a file is 2 MB
_STAGES = ("build", "test", "deploy")
_TOP = {"stages", "variables", "default", "workflow", "before_script", "after_script"}
_TOP_REFUSED = {"include", "spec", "types"}
_DEFAULT = {"before_script", "after_script", "timeout"}
_WORKFLOW = {"name", "rules", "auto_cancel"}


@dataclass(frozen=True, slots=True)
class Configuration:
    """A configuration with its inputs filled in."""

    name: str  # variables still in it
    rules: tuple[Rule, ...] | None  # of the whole pipeline
    stages: tuple[str, ...]
    variables: Mapping[str, Variable]
    jobs: tuple[ConfiguredJob, ...]  # in the order of the file


class _Loader(yaml.CSafeLoader):
    """The safe loader, which says that it does not know `!reference`."""


def _reference(_: _Loader, __: yaml.Node) -> object:
    raise InvalidPipeline("the sandbox does not support !reference")


_Loader.add_constructor("!reference", _reference)


def read_configuration(text: str, given: Mapping[str, object], *, path: str = PATH) -> Configuration:
    """The configuration of a file with these inputs. Raises `InvalidPipeline`, naming the file as GitLab does."""
    try:
        body = _filled(*_documents(text), given)
    except InvalidPipeline as error:
        raise InvalidPipeline(f"`{path}`: {error}") from error
    return _configuration(mapping(body, "root"))


def declared_inputs(text: str) -> dict[str, Input]:
    """The inputs that a file declares. Raises `InvalidPipeline`."""
    header, _ = _documents(text)
    return {} if header is None else read_inputs(header)


def _documents(text: str) -> tuple[Mapping[str, Any] | None, object]:
    """The header, if there is one, and the rest."""
    if len(text) > MAX_SIZE:
        raise InvalidPipeline(f"the file is longer than {MAX_SIZE} characters")
    try:
        documents = list(yaml.load_all(text, Loader=_Loader))
    except (yaml.YAMLError, RecursionError, ValueError) as error:  # ValueError: a date or a number that is none
        raise InvalidPipeline(f"Invalid configuration format: {error}") from error
    if not documents or not isinstance(documents[0], dict):
        raise InvalidPipeline("Invalid configuration format")
    has_header = len(documents) > 1 and "spec" in documents[0]
    return (documents[0], documents[1]) if has_header else (None, documents[0])


def _filled(header: Mapping[str, Any] | None, body: object, given: Mapping[str, object]) -> object:
    """The configuration with its inputs in their places."""
    if header is not None:
        return interpolate(body, accepted_inputs(read_inputs(header), given))
    if given:
        raise InvalidPipeline("Given inputs not defined in the `spec` section of the included configuration file")
    return body


def _configuration(whole: Mapping[str, Any]) -> Configuration:
    refused = {key: value for key, value in whole.items() if key in _TOP_REFUSED}
    refuse_others(refused, (), PATH)
    stages = (".pre", *(texts(whole.get("stages"), "stages") or _STAGES), ".post")
    defaults = _defaults(whole)
    workflow = mapping(whole.get("workflow"), "workflow")
    refuse_unknown(workflow, _WORKFLOW, "workflow")
    jobs = tuple(
        read_job(str(name), mapping(body, f"jobs:{name}"), defaults)
        for name, body in whole.items()
        if name not in _TOP | JOB_IGNORED and not str(name).startswith(".")
    )
    if not jobs:
        raise InvalidPipeline("jobs config should contain at least one visible job")
    _check_order(jobs, stages)
    return Configuration(
        name="" if workflow.get("name") is None else scalar(workflow["name"], "workflow name"),
        rules=read_rules(workflow.get("rules"), "workflow:rules"),
        stages=stages,
        variables=variables(whole.get("variables"), "variables"),
        jobs=jobs,
    )


def _defaults(whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """What jobs have that do not say otherwise; scripts may stand at the top, as they once did."""
    default = mapping(whole.get("default"), "default")
    refuse_others(default, _DEFAULT | JOB_IGNORED, "default")
    return {**{key: whole[key] for key in ("before_script", "after_script") if key in whole}, **default}


def _check_order(jobs: tuple[ConfiguredJob, ...], stages: tuple[str, ...]) -> None:
    """Raises `InvalidPipeline` when a job is in no stage, or needs what does not come before it."""
    plans = {job.plan.name: job.plan for job in jobs}
    for plan in plans.values():
        if plan.stage not in stages:
            raise InvalidPipeline(
                f"{plan.name} job: chosen stage {plan.stage} does not exist; available stages are {', '.join(stages)}"
            )
    for plan in plans.values():
        for need in plan.needs or ():
            if need not in plans:
                raise InvalidPipeline(f"{plan.name} job: undefined need: {need}")
            if stages.index(plans[need].stage) > stages.index(plan.stage):
                raise InvalidPipeline(f"{plan.name} job: need {need} is not defined in current or prior stages")
    _check_circles({name: plan.needs or () for name, plan in plans.items()})


def _check_circles(needs: Mapping[str, tuple[str, ...]]) -> None:
    settled: set[str] = set()
    while len(settled) < len(needs):
        ready = {name for name in needs.keys() - settled if settled.issuperset(needs[name])}
        if not ready:
            raise InvalidPipeline("The pipeline has circular dependencies")
        settled |= ready
