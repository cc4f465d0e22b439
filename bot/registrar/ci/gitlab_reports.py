"""Knows the reports that GitLab shows in a merge request: metrics, and problems beside their lines."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping

from registrar.ci.outcome import Figure, Remark

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n"}


def metrics_report(figures: Iterable[Figure]) -> str:
    """The metrics as OpenMetrics text."""
    samples = [f"registrar_metric{{{_labels(each)}}} {each.value!r}" for each in figures]
    lines = ["# TYPE registrar_metric gauge", *samples] if samples else []
    return "".join(f"{line}\n" for line in (*lines, "# EOF"))


def code_quality(remarks: Iterable[Remark]) -> str:
    """What is wrong in files, as a Code Quality report: GitLab shows what has a fingerprint once."""
    seen: Counter[tuple[str, str]] = Counter()
    return json.dumps([_degradation(each, seen) for each in remarks if each.path], indent=2)


def _labels(figure: Figure) -> str:
    labels = {"model": figure.model, "version": figure.version, "metric": figure.metric}
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in text)


def _degradation(remark: Remark, seen: Counter[tuple[str, str]]) -> Mapping[str, object]:
    what = (remark.path, remark.message)
    seen[what] += 1
    return {
        "description": remark.message,
        "check_name": "registrar",
        "fingerprint": hashlib.sha256(json.dumps([*what, seen[what]]).encode()).hexdigest(),
        "severity": "major",
        "location": {"path": remark.path, "lines": {"begin": max(remark.line, 1)}},
    }
