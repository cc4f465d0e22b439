"""Knows what a comment can ask of the bot, and where in a comment it may be asked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from registrar.core.selectors import Selector, parse_selector
from registrar.core.spelling import did_you_mean
from registrar.errors import UsageError
from registry_schema.names import is_model_name

_LONGEST = 65_536  # characters in a comment on GitHub; what is beyond is not read
_REPEATED = 200  # characters of a command that are given back to who wrote it
_COMMAND = re.compile(r" {0,3}/registrar(?:\s+(?P<words>.*))?", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})(?P<rest>.*)")
_VERBS = ("promote", "rollback", "deploy", "hold", "unhold", "reject", "break-glass", "help")
_PROMOTE_HINT = "write /registrar promote digits@2.1.0 to Production"
_ROLLBACK_HINT = "write /registrar rollback digits, or /registrar rollback digits from Production"
_DEPLOY_HINT = "write /registrar deploy where the change was asked for; it starts every deploy that waits there"
_HELP_HINT = "write /registrar help to see what can be asked"
_UNHOLD_HINT = "write /registrar unhold and no more; why is said in words of your own"
_REJECT_HINT = "say why: /registrar reject the test set leaked into training"
_GLASS_HINT = "say why: /registrar break-glass Production answers nothing but errors"
_HINTS = {
    "promote": _PROMOTE_HINT,
    "rollback": _ROLLBACK_HINT,
    "deploy": _DEPLOY_HINT,
    "unhold": _UNHOLD_HINT,
    "reject": _REJECT_HINT,
    "break-glass": _GLASS_HINT,
}


@dataclass(frozen=True, slots=True)
class Promote:
    """Give a status to a version."""

    selector: Selector
    status: str  # as typed: selectors.status_named finds the status it means


@dataclass(frozen=True, slots=True)
class Rollback:
    """Give a status back to the version that held it before."""

    model: str
    status: str | None  # as typed; None: the strictest status


@dataclass(frozen=True, slots=True)
class StartDeploys:
    """Start what waits for a person, of the merged pull request on which this is said."""


@dataclass(frozen=True, slots=True)
class HoldChange:
    """Let nobody merge the pull request on which this is said, for now."""

    reason: str  # may be empty


@dataclass(frozen=True, slots=True)
class LetGo:
    """Hold it no longer."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Turn the pull request down on which this is said."""

    reason: str


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """Let the pull request on which this is said pass in an emergency, as it is now."""

    reason: str


@dataclass(frozen=True, slots=True)
class Help:
    """Say what can be asked."""


@dataclass(frozen=True, slots=True)
class UnknownCommand:
    """Something was asked that cannot be understood; the hint says how to ask it."""

    text: str
    hint: str


Intervene = HoldChange | LetGo | Reject | BreakGlass
Command = Promote | Rollback | StartDeploys | Intervene | Help | UnknownCommand


def parse_command(body: str) -> Command | None:
    """The first command of a comment, outside code, quotes and hidden text; None when nothing is asked."""
    for line in _spoken_lines(body[:_LONGEST]):
        found = _COMMAND.fullmatch(line)
        if found:
            return _understood(line.strip()[:_REPEATED], (found["words"] or "").split())
    return None


def _spoken_lines(body: str) -> Iterator[str]:
    """Every line that the comment says itself: quotes never match a command, fences and HTML comments are left out."""
    closing: re.Pattern[str] | None = None
    for raw in body.split("\n"):
        line = raw.rstrip()
        if closing is not None:
            closing = None if closing.search(line) else closing
            continue
        closing = _opens(line)
        if closing is None:
            yield line


def _opens(line: str) -> re.Pattern[str] | None:
    """What ends the fence or HTML comment that begins on this line; None when none does or it ends here."""
    fence = _FENCE.fullmatch(line)
    if fence and not (fence["mark"][0] == "`" and "`" in fence["rest"]):
        return re.compile(rf"^ {{0,3}}{fence['mark']}{fence['mark'][0]}*$")
    if line.lstrip().startswith("<!--") and "-->" not in line:
        return re.compile("-->")
    return None


def _understood(text: str, words: list[str]) -> Command:
    verb = words[0].casefold() if words else "help"
    match verb, words[1:]:
        case "help", _:
            return Help()
        case "promote", [selector, to, *status] if to.casefold() == "to" and status:
            return _promote(text, selector, " ".join(status))
        case "rollback", [model, *rest]:
            return _rollback(text, model, rest)
        case "deploy", []:
            return StartDeploys()
        case _:
            return _intervention(verb, words[1:]) or UnknownCommand(
                text, _HINTS.get(verb) or _HELP_HINT + did_you_mean(verb, _VERBS)
            )


def _intervention(verb: str, words: list[str]) -> Intervene | None:
    reason = " ".join(words)
    match verb:
        case "hold":
            return HoldChange(reason)
        case "unhold" if not reason:
            return LetGo()
        case "reject" if reason:
            return Reject(reason)
        case "break-glass" if reason:
            return BreakGlass(reason)
        case _:
            return None


def _promote(text: str, selector: str, status: str) -> Command:
    try:
        return Promote(parse_selector(selector), status)
    except UsageError as error:
        return UnknownCommand(text, str(error))


def _rollback(text: str, model: str, rest: list[str]) -> Command:
    match rest:
        case [] if is_model_name(model):
            return Rollback(model, None)
        case [preposition, *status] if status and is_model_name(model) and preposition.casefold() in {"from", "in"}:
            return Rollback(model, " ".join(status))
        case _:
            return UnknownCommand(text, _ROLLBACK_HINT)
