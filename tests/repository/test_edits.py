"""Claims about editing a status file: what must change changes, and not one line more."""

import difflib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrar.core.status_edits import StatusEdit
from registrar.errors import InvalidRegistry, RegistrarError, UsageError
from registrar.repository.edits import edit_status
from registry_schema import Holder
from registry_schema.status import read_status

PLAIN = """\
# who holds what
Production: 2.0.0  # since March
Staging: '2.1.0'

QA:
  # both on trial
  - 2.2.0
  - "2.3.0"  # the faster one
Archived: [1.0.0, 1.1.0]  # never again
# the end
"""


def add(status: str, version: str) -> StatusEdit:
    return StatusEdit(status, version, "add")


def remove(status: str, version: str) -> StatusEdit:
    return StatusEdit(status, version, "remove")


def replace(status: str, version: str) -> StatusEdit:
    return StatusEdit(status, version, "replace")


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [f"{line[0]} {line[1:]}" for line in lines if not line.startswith(("---", "+++", "@@"))]


@pytest.mark.parametrize(
    ("edits", "lines"),
    [
        pytest.param(
            [replace("Production", "3.0.0")],
            ["- Production: 2.0.0  # since March", "+ Production: 3.0.0  # since March"],
            id="the one holder changes in place",
        ),
        pytest.param(
            [remove("Staging", "2.1.0"), replace("Production", "2.1.0"), add("Archived", "2.0.0")],
            [
                "- Production: 2.0.0  # since March",
                "- Staging: '2.1.0'",
                "+ Production: 2.1.0  # since March",
                "- Archived: [1.0.0, 1.1.0]  # never again",
                "+ Archived: [1.0.0, 1.1.0, 2.0.0]  # never again",
            ],
            id="a promotion",
        ),
        pytest.param([replace("Staging", "3.0.0")], ["- Staging: '2.1.0'", "+ Staging: '3.0.0'"], id="quotes stay"),
        pytest.param([add("QA", "2.4.0")], ['+   - "2.4.0"'], id="a list grows in its own style"),
        pytest.param([remove("QA", "2.2.0")], ["-   - 2.2.0"], id="a list shrinks"),
        pytest.param(
            [add("Production", "2.1.1")],
            ["- Production: 2.0.0  # since March", "+ Production:", "+   - 2.0.0  # since March", "+   - 2.1.1"],
            id="one holder becomes a list",
        ),
        pytest.param(
            [remove("QA", "2.2.0"), remove("QA", "2.3.0")],
            ["- QA:", "-   - 2.2.0", '-   - "2.3.0"  # the faster one'],
            id="the last holder takes the status along, comments on their own line stay",
        ),
        pytest.param(
            [remove("Archived", "1.0.0")],
            ["- Archived: [1.0.0, 1.1.0]  # never again", "+ Archived: [1.1.0]  # never again"],
            id="first in brackets",
        ),
        pytest.param(
            [remove("Archived", "1.1.0")],
            ["- Archived: [1.0.0, 1.1.0]  # never again", "+ Archived: [1.0.0]  # never again"],
            id="last in brackets",
        ),
        pytest.param(
            [replace("Archived", "3.0.0")],
            ["- Archived: [1.0.0, 1.1.0]  # never again", "+ Archived: [3.0.0]  # never again"],
            id="all in brackets",
        ),
        pytest.param([replace("QA", "2.3.0")], ["-   - 2.2.0"], id="one of several is left"),
        pytest.param([add("Canary", "3.0.0")], ["+ Canary: 3.0.0"], id="a status that the file lacks"),
        pytest.param([add("On", "3.0.0")], ['+ "On": 3.0.0'], id="a status that YAML takes for a truth value"),
        pytest.param([add("QA", "2.2.0"), remove("QA", "9.0.0")], [], id="what is true already changes nothing"),
        pytest.param([remove("None", "1.0.0"), replace("Production", "2.0.0")], [], id="nothing to remove or replace"),
    ],
)
def test_an_edit_changes_only_its_own_lines(edits: Sequence[StatusEdit], lines: list[str]) -> None:
    after = edit_status(PLAIN.encode(), edits).decode()

    assert changed_lines(PLAIN, after) == lines


@pytest.mark.parametrize(
    ("before", "edits", "after"),
    [
        pytest.param(None, [add("QA", "1.0.0")], "QA: 1.0.0\n", id="no file yet"),
        pytest.param("", [add("QA", "1.0.0")], "QA: 1.0.0\n", id="an empty file"),
        pytest.param("# none\n", [add("QA", "1.0.0")], "# none\nQA: 1.0.0\n", id="a comment alone"),
        pytest.param("---\n", [add("QA", "1.0.0")], "---\nQA: 1.0.0\n", id="a document start alone"),
        pytest.param("{}\n", [add("QA", "1.0.0")], "{QA: 1.0.0}\n", id="empty braces"),
        pytest.param("QA: 1.0.0", [add("S", "1.1.0")], "QA: 1.0.0\nS: 1.1.0\n", id="no newline at the end"),
        pytest.param("QA: 1.0.0", [replace("QA", "1.1.0")], "QA: 1.1.0", id="no newline stays no newline"),
        pytest.param("QA:\n", [add("QA", "1.0.0")], "QA: 1.0.0\n", id="a status without a value"),
        pytest.param("QA: # todo\n", [add("QA", "1.0.0")], "QA: 1.0.0 # todo\n", id="a comment for a value"),
        pytest.param("QA: ~\n", [replace("QA", "1.0.0")], "QA: 1.0.0\n", id="an explicit nothing"),
        pytest.param("QA: []\n", [add("QA", "1.0.0")], "QA: [1.0.0]\n", id="empty brackets"),
        pytest.param("QA: 1.0.0\r\nS: 1.1.0\r\n", [add("QA", "2.0.0")],
                     "QA:\r\n  - 1.0.0\r\n  - 2.0.0\r\nS: 1.1.0\r\n", id="CRLF"),
        pytest.param("\ufeffQA: 1.0.0\n", [replace("QA", "1.1.0")], "\ufeffQA: 1.1.0\n", id="a byte order mark"),
        pytest.param("# größe 🎉\nQA: 1.0.0 # ü\n", [replace("QA", "1.1.0")],
                     "# größe 🎉\nQA: 1.1.0 # ü\n", id="Unicode"),
        pytest.param("QA:\n- 1.0.0\nS: 1.1.0\n", [add("QA", "2.0.0")], "QA:\n- 1.0.0\n- 2.0.0\nS: 1.1.0\n",
                     id="a list without indentation"),
        pytest.param("  QA: 1.0.0\n", [add("S", "1.1.0")], "  QA: 1.0.0\n  S: 1.1.0\n", id="an indented file"),
        pytest.param("QA: 1.0.0\n\n# foot\n", [add("S", "1.1.0")], "QA: 1.0.0\nS: 1.1.0\n\n# foot\n", id="a footer"),
        pytest.param("P: {version: 1.0.0, traffic: 10}\n", [add("P", "1.1.0")],
                     "P:\n  - {version: 1.0.0, traffic: 10}\n  - 1.1.0\n", id="a share becomes an item"),
        pytest.param("P:\n  version: 1.0.0\n  traffic: 10\n", [add("P", "1.1.0")],
                     "P:\n  - version: 1.0.0\n    traffic: 10\n  - 1.1.0\n", id="a share in block style"),
        pytest.param("P: {version: 1.0.0, traffic: 10}\n", [replace("P", "1.1.0")], "P: 1.1.0\n", id="a share ends"),
        pytest.param("P: # canary\n  version: 1.0.0\n  traffic: 10\nQ: 2.0.0\n", [replace("P", "1.0.0")],
                     "P: 1.0.0 # canary\nQ: 2.0.0\n", id="a share in block style ends"),
        pytest.param("P:\n- version: 1.0.0\n  traffic: 10\n- 1.1.0\n", [remove("P", "1.0.0")], "P:\n- 1.1.0\n",
                     id="a share leaves a list"),
        pytest.param("{P: 1.0.0, QA: [1.1.0]}\n", [remove("P", "1.0.0"), add("QA", "1.0.0")],
                     "{QA: [1.1.0, 1.0.0]}\n", id="a file in braces"),
        pytest.param("{P: 1.0.0, QA: 1.1.0}\n", [add("QA", "1.2.0"), remove("P", "1.0.0"), add("S", "2.0.0")],
                     "{QA: [1.1.0, 1.2.0], S: 2.0.0}\n", id="a list in braces"),
        pytest.param("QA: [\n  1.0.0, # a\n  1.1.0, # b\n]\n", [remove("QA", "1.0.0"), add("QA", "1.2.0")],
                     "QA: [\n   # a\n  1.1.0, 1.2.0, # b\n]\n", id="comments between brackets stay"),
        pytest.param("QA: 1.0.0\n", [remove("QA", "1.0.0")], "", id="nothing is left"),
    ],
)  # fmt: skip
def test_a_file_keeps_its_style(before: str | None, edits: Sequence[StatusEdit], after: str) -> None:
    text = None if before is None else before.encode()

    assert edit_status(text, edits) == after.encode()


def test_a_file_that_breaks_its_shape_is_not_edited() -> None:
    with pytest.raises(InvalidRegistry, match=r"models/digits/status\.yaml:2"):
        edit_status(b"QA: 1.0.0\nQA: 1.1.0\n", [add("QA", "2.0.0")], path="models/digits/status.yaml")


def test_a_version_cannot_be_put_under_a_second_status() -> None:
    with pytest.raises(UsageError, match=r"2\.1\.0 would hold both Production and Staging"):
        edit_status(PLAIN.encode(), [replace("Production", "2.1.0")])


def test_what_cannot_be_edited_with_care_is_left_to_a_person() -> None:
    with pytest.raises(RegistrarError, match="edit it by hand"):
        edit_status(b"---\nQA: 1.0.0\n...\n", [remove("QA", "1.0.0"), add("S", "1.0.0")])


STATUSES = ("Production", "Staging", "QA", "On-hold")
VERSIONS = ("1.0.0", "1.1.0", "2.0.0-rc.1", "2.0.0+b.7", "3.0.0")


@st.composite
def status_files(draw: st.DrawFn) -> str:
    """A status file in any of the styles that people write."""
    left = list(draw(st.permutations(VERSIONS)))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    lines: list[str] = []
    for status in draw(st.lists(st.sampled_from(STATUSES), unique=True)):
        lines += draw(st.sampled_from([[], ["# note: x"], ["", "#- größe"]]))
        lines += draw(_entries(status, [left.pop() for _ in range(draw(st.integers(0, min(3, len(left)))))]))
    lines += draw(st.sampled_from([[], ["# end"], [""]]))
    return newline.join(lines) + draw(st.sampled_from(["", newline]))


@st.composite
def _entries(draw: st.DrawFn, status: str, versions: list[str]) -> list[str]:
    quote, comment = draw(st.sampled_from(["", "'", '"'])), draw(st.sampled_from(["", "  # why: 1.0.0, 'x'"]))
    words = [f"{quote}{version}{quote}" for version in versions]
    if draw(st.booleans()):
        words = [f"{{version: {word}, traffic: 10}}" for word in words]
    if len(words) == 1 and draw(st.booleans()):
        return [f"{status}: {words[0]}{comment}"]
    if not words or draw(st.booleans()):
        return [f"{status}: [{', '.join(words)}]{comment}"]
    indent = draw(st.sampled_from(["", "  ", "    "]))
    items = [line for word in words for line in (f"{indent}- {word}{comment}", *draw(st.sampled_from([[], ["  # n"]])))]
    return [f"{status}:", *items]


STATUS_EDITS = st.builds(
    StatusEdit, st.sampled_from(STATUSES), st.sampled_from(VERSIONS), st.sampled_from(["add", "remove", "replace"])
)


def applied(statuses: dict[str, tuple[Holder, ...]], edit: StatusEdit) -> dict[str, tuple[Holder, ...]]:
    holders = statuses.get(edit.status, ())
    without = tuple(holder for holder in holders if holder.version != edit.version)
    if edit.action == "replace":
        return {**statuses, edit.status: (Holder(edit.version),)}
    if edit.action == "remove":
        return {**statuses, edit.status: without}
    return {**statuses, edit.status: holders if holders != without else (*holders, Holder(edit.version))}


@given(status_files(), STATUS_EDITS)
def test_any_edit_of_any_file_means_exactly_itself(text: str, edit: StatusEdit) -> None:
    before = dict(read_status(text.encode(), "status.yaml").statuses)
    elsewhere = [other for status in before if status != edit.status for other in before[status]]
    wanted = {status: holders for status, holders in applied(before, edit).items() if holders}

    if edit.action != "remove" and edit.version in {holder.version for holder in elsewhere}:
        with pytest.raises(UsageError):
            edit_status(text.encode(), [edit])
        return
    after = edit_status(text.encode(), [edit]).decode()

    statuses = read_status(after.encode(), "status.yaml").statuses
    assert {status: holders for status, holders in statuses.items() if holders} == wanted
    assert_untouched_lines_are_kept(text, after, edit)


def assert_untouched_lines_are_kept(before: str, after: str, edit: StatusEdit) -> None:
    """Comments and other statuses come through byte for byte and in order."""
    lines = after.splitlines(keepends=True)
    current = ""
    for line in before.splitlines(keepends=True):
        if line[0] not in " -#\r\n":
            current = line.split(":")[0]
        if line.lstrip().startswith("#") or (current != edit.status and line.strip() and line.endswith("\n")):
            assert any(found == line or found.rstrip("\r\n") == line for found in lines), line
