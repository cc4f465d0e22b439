"""Knows how forges show Markdown: GitHub's own renderer, then only harmless elements, then mentions and alerts."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

import cmarkgfm
import nh3
from cmarkgfm.cmark import Options
from markupsafe import Markup

from registrar.sandbox.pages.addresses import Named
from registrar.sandbox.pages.faces import Face

_OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_GITHUB_PRE_LANG | Options.CMARK_OPT_FOOTNOTES
_TAGS = nh3.ALLOWED_TAGS | {"details", "summary", "input", "picture", "section"}
_CELL = {"align", "colspan", "rowspan"}
_ATTRIBUTES = {
    **{tag: set(attributes) for tag, attributes in nh3.ALLOWED_ATTRIBUTES.items()},
    "details": {"open"},
    "input": {"checked", "disabled"},
    "pre": {"lang"},
    "li": {"id"},
    "a": {"href", "title", "id"},
    "td": _CELL,
    "th": _CELL,
    "p": {"align"},
    "div": {"align"},
}
_PREFIX = "user-content-"  # as on GitHub: an id of a comment is never one of the page's own
_ID = re.compile(r'(<[^>]*? id="|<a (?:[^>]*? )?href="#)(?!user-content-)')
_NO_CHECKBOX = re.compile(r'<input(?! type="checkbox")[^>]*>')
_RELATIVE = re.compile(r'(?<= )(?P<attribute>href|src)="(?![a-z][a-z0-9+.-]*:|[/#?])(?P<path>[^"#?]+)')
_PART = re.compile(r"(<[^>]*>)")
_MENTION = re.compile(
    r"(?<![\w/@.`-])(?:@(?P<name>[A-Za-z0-9][A-Za-z0-9-]*(?:/[\w-]+)*)|(?P<mark>[#!])(?P<number>\d+)\b)"
)
_CLOSED = ("a", "code", "pre")  # what stands in these is no mention
_ALERT = re.compile(r"<blockquote>\s*<p>\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\](?:<br>|\s)*")
_DIFF = re.compile(r'(<pre lang="diff"><code>)(.*?)(</code></pre>)', re.DOTALL)
_DIFF_LINES = {"+": "added", "-": "removed", "@": "hunk"}


@dataclass(frozen=True, slots=True)
class Beside:
    """Where a file is whose links may lead to the files beside it."""

    ref: str
    folder: str


def comment_html(text: str, repository: Named, face: Face) -> Markup:
    """What a comment in a repository looks like."""
    options = _OPTIONS | Options.CMARK_OPT_HARDBREAKS if face.breaks_lines else _OPTIONS
    return _harmless(text, options, repository, face)


def file_html(text: str, repository: Named, face: Face, *, beside: Beside = Beside("HEAD", "")) -> Markup:
    """What a Markdown file of a repository looks like; its links lead to the files beside it."""

    def led(link: re.Match[str]) -> str:
        address = face.to.raw if link["attribute"] == "src" else face.to.file
        path = posixpath.normpath(posixpath.join("/", beside.folder, unquote(unescape(link["path"])))).lstrip("/")
        return f'{link["attribute"]}="{address(repository, beside.ref, path)}'

    return Markup(_RELATIVE.sub(led, _harmless(text, _OPTIONS, repository, face)))  # noqa: S704 - harmless already


def _harmless(text: str, options: int, repository: Named, face: Face) -> Markup:
    rendered = cmarkgfm.github_flavored_markdown_to_html(text.replace("\0", "\ufffd"), options)
    clean = nh3.clean(
        rendered,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        tag_attribute_values={"input": {"type": {"checkbox"}}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )
    named = _ID.sub(rf"\1{_PREFIX}", _ID.sub(rf"\1{_PREFIX}", clean))  # twice: a tag may have both
    marked = _DIFF.sub(_coloured, _alerts(_NO_CHECKBOX.sub("", named)))
    linked = _outside(marked, lambda words: _MENTION.sub(lambda found: _link(found, repository, face), words))
    return Markup(linked)  # noqa: S704 - cleaned above; what was added since holds nothing but its words


def _alerts(html: str) -> str:
    """A quotation that opens with [!NOTE] is an alert."""
    return _ALERT.sub(
        lambda found: (
            f'<blockquote class="alert {found[1].lower()}"><p class="alert-title">{found[1].capitalize()}</p><p>'
        ),
        html,
    ).replace("<p></p>", "")


def _coloured(block: re.Match[str]) -> str:
    lines = (
        f'<span class="{_DIFF_LINES.get(line[:1], "same")}">{line}</span>'
        for line in block[2].removesuffix("\n").split("\n")
    )
    return block[1] + "\n".join(lines) + block[3]


def _outside(html: str, replace: Callable[[str], str]) -> str:
    """Replace words in the text alone: never in a tag, a link or code."""
    pieces: list[str] = []
    inside = 0
    for piece in _PART.split(html):
        if piece.startswith("<"):
            name = piece.strip("</>").split(" ", 1)[0].split(">", 1)[0]
            if name in _CLOSED:
                inside += -1 if piece.startswith("</") else 1
            pieces.append(piece)
        else:
            pieces.append(piece if inside else replace(piece))
    return "".join(pieces)


def _link(found: re.Match[str], repository: Named, face: Face) -> str:
    if name := found["name"]:
        return f'<a class="mention" href="{face.to.mentioned(name)}">{found[0]}</a>'
    number = int(found["number"])
    if found["mark"] == "#":
        return f'<a href="{face.to.issue(repository, number)}">{found[0]}</a>'
    if face.words.mark == "!":
        return f'<a href="{face.to.pull(repository, number)}">{found[0]}</a>'
    return found[0]
