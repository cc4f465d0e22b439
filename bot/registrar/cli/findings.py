"""Knows how what was found about a set-up looks to a person, and to a program."""

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from registrar.cli import terminal
from registrar.core.setup import Finding, Standing

_COLOURS = {Standing.OK: "green", Standing.PROBLEM: "red", Standing.UNTOLD: "yellow"}
_WIDEST = max(map(len, Standing))


def say_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """All of them, a line said of each as it comes, and one more of what mends it, or several that stand together."""
    mend, said = "", []
    for finding in findings:
        if finding.mend != mend:
            _say_mend(mend)
        mend = finding.mend
        standing = terminal.coloured(f"{finding.standing:<{_WIDEST}}", _COLOURS[finding.standing], stream=sys.stdout)
        terminal.say_text(f"{standing}  {terminal.inert(_one_line(f'{finding.check}: {finding.says}'))}\n")
        said.append(finding)
    _say_mend(mend)
    return tuple(said)


def _say_mend(mend: str) -> None:
    if mend:
        terminal.say(f"{'':<{_WIDEST}}    {_one_line(mend)}")


def say_count(findings: Sequence[Finding]) -> None:
    """How many of each there were."""
    counted = Counter(finding.standing for finding in findings)
    parts = [f"{counted[Standing.PROBLEM] or 'no'} problem{'' if counted[Standing.PROBLEM] == 1 else 's'}"]
    parts.append(f"{counted[Standing.OK]} fine")
    if counted[Standing.UNTOLD]:
        parts.append(f"{counted[Standing.UNTOLD]} cannot be told")
    terminal.say(", ".join(parts))


def facts_of(findings: Iterable[Finding]) -> list[Mapping[str, str]]:
    """The same for a program."""
    return [
        {"check": each.check, "standing": str(each.standing), "says": each.says, "mend": each.mend} for each in findings
    ]


def _one_line(text: str) -> str:
    return " ".join(text.split())
