"""Knows what a GitHub Actions workflow file says, as far as the sandbox can run it; refuses the rest by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from registrar.sandbox.expressions import interpolate

MAX_SIZE = 512 * 1024  # GitHub's own limit for a workflow file
_STEP_KEYS = {
    "id",
    "name",
    "run",
    "uses",
    "with",
    "env",
    "working-directory",
    "shell",
    "timeout-minutes",
    "continue-on-error",
}
_JOB_KEYS = {"name", "runs-on", "needs", "env", "steps", "outputs", "defaults", "timeout-minutes"}
_JOB_IGNORED = {"permissions", "concurrency", "environment"}
_INPUT_TYPES = {"string", "boolean", "choice", "number", "environment"}


class InvalidWorkflow(ValueError):
    """A workflow file that GitHub would refuse, or that asks for something the sandbox does not do."""


class InvalidInputs(ValueError):
    """Inputs of a dispatch that the workflow does not take."""


@dataclass(frozen=True, slots=True)
class DispatchInput:
    """What a person or a program may give when starting the workflow."""

    name: str
    type: str = "string"
    required: bool = False
    default: str = ""
    description: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunContext:
    """What a run knows from outside: its inputs (as texts), the `github` context, secrets and variables."""

    inputs: Mapping[str, str]
    github: Mapping[str, object]
    secrets: Mapping[str, str]
    vars: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a job; `run` or `uses`."""

    name: str
    id: str = ""
    run: str = ""
    uses: str = ""
    given: Mapping[str, str] | None = None  # `with`
    env: Mapping[str, str] | None = None
    working_directory: str = ""
    shell: str = ""
    timeout: float | None = None  # seconds
    may_fail: bool = False  # and the job goes on


@dataclass(frozen=True, slots=True)
class Job:
    """Steps that share a folder, run one after another."""

    id: str
    steps: tuple[Step, ...]
    needs: tuple[str, ...]
    env: Mapping[str, str]
    outputs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WorkflowFile:
    """A workflow, its jobs in an order that respects what each needs."""

    name: str
    run_name_template: str
    dispatch_inputs: Mapping[str, DispatchInput]
    accepts_dispatch: bool
    env: Mapping[str, str]
    jobs: tuple[Job, ...]

    def run_name(self, context: RunContext) -> str:
        """The title of a run, with inputs in their places."""
        contexts = {"github": context.github, "inputs": self.typed_inputs(context.inputs), "vars": context.vars}
        return interpolate(self.run_name_template, contexts).strip() or self.name

    def accepted_inputs(self, given: Mapping[str, object]) -> dict[str, str]:
        """What was given, completed with defaults, as texts; raises `InvalidInputs` in GitHub's words."""
        unexpected = sorted(given.keys() - self.dispatch_inputs.keys())
        if unexpected:
            raise InvalidInputs(f"Unexpected inputs provided: {unexpected}")
        return {name: _accepted(declared, given.get(name)) for name, declared in self.dispatch_inputs.items()}

    def typed_inputs(self, inputs: Mapping[str, str]) -> dict[str, object]:
        """The `inputs` context, in which a boolean is a boolean."""
        booleans = {name for name, declared in self.dispatch_inputs.items() if declared.type == "boolean"}
        return {name: value == "true" if name in booleans else value for name, value in inputs.items()}


def _accepted(declared: DispatchInput, given: object) -> str:
    value = declared.default if given is None else _text(given)
    if declared.required and not value:
        raise InvalidInputs(f"Required input '{declared.name}' not provided")
    if declared.type == "boolean" and value not in {"true", "false"}:
        raise InvalidInputs(f"Provided value '{value}' for input '{declared.name}' is not a boolean")
    if declared.type == "choice" and value and value not in declared.options:
        raise InvalidInputs(f"Provided value '{value}' for input '{declared.name}' not in the list of allowed values")
    return value


class _Loader(yaml.CSafeLoader):
    """YAML 1.2's booleans: `on` is a key, not true."""


_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def read_workflow(text: str) -> WorkflowFile:
    """A workflow from its file; raises `InvalidWorkflow`."""
    if len(text) > MAX_SIZE:
        raise InvalidWorkflow(f"the workflow file is longer than {MAX_SIZE} characters")
    try:
        document = yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except (yaml.YAMLError, RecursionError, ValueError) as error:  # ValueError: a date or a number that is none
        raise InvalidWorkflow(f"the workflow file is not YAML: {error}") from error
    whole = _mapping(document, "the workflow file")
    accepts, inputs = _dispatch(whole.get("on"))
    jobs = {str(name): _job(str(name), body) for name, body in _mapping(whole.get("jobs"), "jobs").items()}
    if not jobs:
        raise InvalidWorkflow("the workflow has no jobs")
    name = _text(whole.get("name"))
    return WorkflowFile(
        name=name,
        run_name_template=_text(whole.get("run-name")) or name,
        dispatch_inputs=inputs,
        accepts_dispatch=accepts,
        env=_texts(whole.get("env"), "env"),
        jobs=_ordered(jobs),
    )


def _dispatch(on: object) -> tuple[bool, dict[str, DispatchInput]]:
    if isinstance(on, str | list):
        return "workflow_dispatch" in ([on] if isinstance(on, str) else on), {}
    triggers = _mapping(on, "on")
    body = _mapping(triggers.get("workflow_dispatch"), "on.workflow_dispatch")
    inputs = _mapping(body.get("inputs"), "on.workflow_dispatch.inputs")
    return "workflow_dispatch" in triggers, {str(name): _input(str(name), value) for name, value in inputs.items()}


def _input(name: str, value: object) -> DispatchInput:
    body = _mapping(value, f"input {name}")
    kind = _text(body.get("type")) or "string"
    if kind not in _INPUT_TYPES:
        raise InvalidWorkflow(f"input {name}: the type {kind!r} is not one of {', '.join(sorted(_INPUT_TYPES))}")
    return DispatchInput(
        name=name,
        type=kind,
        required=body.get("required") is True,
        default=_text(body.get("default")) or ("false" if kind == "boolean" else ""),
        description=_text(body.get("description")),
        options=tuple(_text(option) for option in body.get("options") or ()),
    )


def _job(name: str, value: object) -> Job:
    body = _mapping(value, f"job {name}")
    _refuse_others(body, _JOB_KEYS | _JOB_IGNORED, f"job {name}")
    steps = body.get("steps")
    if not isinstance(steps, list) or not steps:
        raise InvalidWorkflow(f"job {name} has no steps")
    defaults = _mapping(_mapping(body.get("defaults"), f"job {name}: defaults").get("run"), f"job {name}: defaults.run")
    needs = body.get("needs") or []
    named: list[Step] = []
    for index, step in enumerate(steps, start=1):
        named.append(_step(step, f"job {name}, step {index}", defaults, {earlier.name for earlier in named}))
    return Job(
        id=name,
        steps=tuple(named),
        needs=(needs,) if isinstance(needs, str) else tuple(map(str, needs)),
        env=_texts(body.get("env"), f"job {name}: env"),
        outputs=_texts(body.get("outputs"), f"job {name}: outputs"),
    )


def _step(value: object, where: str, defaults: Mapping[str, Any], taken: set[str]) -> Step:
    body = _mapping(value, where)
    _refuse_others(body, _STEP_KEYS, where)
    if ("run" in body) is ("uses" in body):
        raise InvalidWorkflow(f"{where} needs either run or uses")
    run, uses, minutes = _text(body.get("run")), _text(body.get("uses")), body.get("timeout-minutes")
    if minutes is not None and not isinstance(minutes, int | float):
        raise InvalidWorkflow(f"{where}: timeout-minutes is not a number")
    if _text(body.get("continue-on-error")) not in {"", "true", "false"}:
        raise InvalidWorkflow(f"{where}: the sandbox takes true or false for continue-on-error, and no expression")
    return Step(
        name=_unique(_text(body.get("name")) or f"Run {(run.strip().splitlines() or [uses])[0]}", taken),
        id=_text(body.get("id")),
        run=run,
        uses=uses,
        given=_texts(body.get("with"), f"{where}: with"),
        env=_texts(body.get("env"), f"{where}: env"),
        working_directory=_text(body.get("working-directory") or defaults.get("working-directory")),
        shell=_text(body.get("shell") or defaults.get("shell")),
        timeout=None if minutes is None else minutes * 60.0,
        may_fail=_text(body.get("continue-on-error")) == "true",
    )


def _unique(name: str, taken: set[str]) -> str:
    candidates = (name if number == 1 else f"{name} ({number})" for number in range(1, len(taken) + 2))
    return next(candidate for candidate in candidates if candidate not in taken)


def _ordered(jobs: Mapping[str, Job]) -> tuple[Job, ...]:
    ordered: dict[str, Job] = {}
    while len(ordered) < len(jobs):
        ready = [job for job in jobs.values() if job.id not in ordered and ordered.keys() >= set(job.needs)]
        if not ready:
            stuck = ", ".join(sorted(jobs.keys() - ordered.keys()))
            raise InvalidWorkflow(f"jobs need each other, or jobs that do not exist: {stuck}")
        ordered.update({job.id: job for job in ready})
    return tuple(ordered.values())


def _refuse_others(body: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(str(key) for key in body if key not in known)
    if unknown:
        raise InvalidWorkflow(f"{where}: the sandbox does not support {', '.join(unknown)}")


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidWorkflow(f"{where} is not a mapping of keys to values")
    return value


def _texts(value: object, where: str) -> dict[str, str]:
    return {str(key): _text(item) for key, item in _mapping(value, where).items()}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
