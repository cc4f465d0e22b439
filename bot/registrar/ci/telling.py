"""Knows what a job is told of each command, by the JSON that the command printed."""

from collections.abc import Callable, Mapping

from registrar import rendering_jobs as rendering
from registrar.ci.outcome import Figure, Outcome, Remark
from registrar.errors import InvalidRegistry, RegistrarError
from registrar.observing.redaction import Redaction

Said = Mapping[str, object]

_TYPE = "model"


def told(command: str, inputs: Mapping[str, str], *, code: int, said: object) -> Outcome:
    """What came of a command: what it said is JSON, or a text where another format was asked for."""
    if command == "check" and isinstance(said, list):
        return _check(code, said)
    if isinstance(said, Mapping) and command in _TELLERS:
        return _TELLERS[command](code, said, inputs)
    return Outcome(command, code, rendering.summary("other", command=command, code=code, said=said or ""))


def refused(command: str, error: Exception, redacted: Redaction) -> Outcome:
    """What stopped a command; a bug of ours is named, and the log has the rest."""
    is_ours = not isinstance(error, RegistrarError)
    message = f"this is a bug in Registrar ({type(error).__name__}); the log says more" if is_ours else str(error)
    remarks = [Remark(redacted(message))]
    if isinstance(error, InvalidRegistry):
        remarks = [Remark(redacted(_words(each.message, each.mend)), each.path, each.line) for each in error.problems]
    lines = redacted(message).splitlines()
    return Outcome(
        command,
        3 if is_ours else 1,
        rendering.summary("refused", command=command, lines=lines),
        outputs={"verdict": "failed"} if isinstance(error, InvalidRegistry) else {},
        remarks=tuple(remarks),
    )


def _check(code: int, problems: list[Said]) -> Outcome:
    return Outcome(
        "check",
        code,
        rendering.summary("check", problems=problems),
        outputs={"verdict": "failed" if problems else "passed"},
        remarks=_remarks(problems),
    )


def _compare(code: int, said: Said, inputs: Mapping[str, str]) -> Outcome:
    del inputs
    candidates = _parts(said, "candidates") or _of_two_versions(said)
    first, wish = _wish(candidates, _parts(said, "transitions"))
    event = "assignment" if wish else "registration" if _parts(said, "registrations") else ""
    outputs = {
        **_named(event, first),
        "stage": _text(wish.get("after")),
        "verdict": _text(said.get("verdict")),
        "pull-request": _text(said.get("pull_request")),
        "comment-id": _text(said.get("comment")),
    }
    summary = rendering.summary("compare", markdown=said["markdown"], left_out=said.get("left_out") or [])
    return Outcome("compare", code, summary, outputs, _remarks(_parts(said, "problems")), _figures(candidates))


def _of_two_versions(said: Said) -> list[Said]:
    """What is said where a version was named, as a candidate is said otherwise."""
    return [{**said, "version": said["candidate"]}] if "candidate" in said else []


def _wish(candidates: list[Said], moves: list[Said]) -> tuple[Said, Said]:
    """The candidate that later steps are told of, and how it moves: the strictest status first, where several move."""
    pairs = [(each, move) for each in candidates for move in moves if _is_of(move, each)]
    strictest = (pair for pair in pairs if pair[0].get("status") == pair[1].get("after"))
    return next(strictest, None) or next(iter([*pairs, *((each, {}) for each in candidates)]), ({}, {}))


def _is_of(move: Said, candidate: Said) -> bool:
    return (move["model"], move["version"]) == (candidate["model"], candidate["version"])


def _opened(command: str) -> Callable[[int, Said, Mapping[str, str]], Outcome]:
    def tell(code: int, said: Said, inputs: Mapping[str, str]) -> Outcome:
        outputs = {
            **_named("registration" if command == "register" else "assignment", said),
            "stage": _text(said.get("status")),
            "pull-request": _text(said["number"]),
        }
        summary = rendering.summary("opened", said=said, description=inputs.get("description", ""))
        return Outcome(command, code, summary, outputs)

    return tell


def _pull(code: int, said: Said, inputs: Mapping[str, str]) -> Outcome:
    del inputs
    return Outcome("pull", code, rendering.summary("pull", said=said), _named("", said))


def _audit(code: int, said: Said, inputs: Mapping[str, str]) -> Outcome:
    del inputs
    verdict = {} if "proven" not in said else {"verdict": "passed" if said["proven"] else "failed"}
    remarks = [Remark(_text(each)) for each in _list(said.get("remarks"))]
    remarks += [
        Remark(_words(f"{each['commit']!s:.12}: {each['what']}", each["why"]))
        for each in _parts(said, "findings")
        if each["grade"] == "breach"
    ]
    return Outcome("audit", code, rendering.summary("audit", said=said), verdict, tuple(remarks))


def _reconcile(code: int, said: Said, inputs: Mapping[str, str]) -> Outcome:
    del inputs
    return Outcome("reconcile", code, rendering.summary("reconcile", said=said, code=code))


_TELLERS: Mapping[str, Callable[[int, Said, Mapping[str, str]], Outcome]] = {
    "compare": _compare,
    "register": _opened("register"),
    "promote": _opened("promote"),
    "rollback": _opened("rollback"),
    "pull": _pull,
    "audit": _audit,
    "reconcile": _reconcile,
}


def _named(event: str, said: Said) -> dict[str, str]:
    """What GTO's users know of a version."""
    model, version = _text(said.get("model")), _text(said.get("version"))
    return {
        "event": event,
        "name": model,
        "version": version,
        "type": _TYPE if model else "",
        "path": _text(said.get("path")),
        "description": _text(said.get("description")),
    }


def _remarks(problems: list[Said]) -> tuple[Remark, ...]:
    return tuple(
        Remark(_words(each["message"], each["mend"]), _text(each["path"]), int(_text(each["line"]) or 0))
        for each in problems
    )


def _figures(candidates: list[Said]) -> tuple[Figure, ...]:
    return tuple(
        Figure(_text(said["model"]), _text(said["version"]), _text(metric["metric"]), float(_text(metric["candidate"])))
        for said in candidates
        for metric in _parts(said, "metrics")
        if metric["candidate"] is not None
    )


def _words(what: object, mend: object) -> str:
    return f"{what}; {mend}" if mend else str(what)


def _parts(said: Said, name: str) -> list[Said]:
    return [each for each in _list(said.get(name)) if isinstance(each, Mapping)]


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _text(value: object) -> str:
    return "" if value is None else str(value)
