import re
from dataclasses import dataclass
from html.parser import HTMLParser

import pytest

from registrar.sandbox.pages.faces import Face, github, gitlab
from registrar.sandbox.pages.markdown import Beside, comment_html, file_html


@dataclass(frozen=True)
class Project:
    """As much of a repository as an address needs."""

    full_name: str


REGISTRY = Project("acme/r")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("one\ntwo", "<p>one<br>\ntwo</p>", id="a line's end"),
        pytest.param("~~no~~ <kbd>k</kbd>", "<p><del>no</del> <kbd>k</kbd></p>", id="inline"),
        pytest.param("<!-- hidden -->", "", id="a comment of HTML is not shown"),
        pytest.param("- [x] a", '<ul>\n<li><input type="checkbox" checked="" disabled=""> a</li>\n</ul>', id="task"),
        pytest.param("a|b\n-|-:\n1|2", '<td align="right">2</td>', id="table"),
        pytest.param("@ana", '<a class="mention" href="/ana">@ana</a>', id="mention"),
        pytest.param("@acme/ml", '<a class="mention" href="/orgs/acme/teams/ml">@acme/ml</a>', id="team"),
        pytest.param("see #7.", '<a href="/acme/r/issues/7">#7</a>.', id="number"),
        pytest.param("`@ana #7`", "<p><code>@ana #7</code></p>", id="code is left alone"),
        pytest.param("ana@acme.org", "ana@acme.org</a></p>", id="an address is no mention"),
        pytest.param("> [!TIP]\n> do", '<blockquote class="alert tip"><p class="alert-title">Tip</p>', id="alert"),
        pytest.param("```diff\n-a\n+b\n```", '<span class="removed">-a</span>', id="diff"),
        pytest.param("```mermaid\nflowchart\n```", '<pre lang="mermaid"><code>flowchart\n', id="chart"),
        pytest.param("<details><summary>s</summary>\n\n*b*\n</details>", "<summary>s</summary>", id="details"),
        pytest.param("x[^1]\n\n[^1]: n", '<a href="#user-content-fn-1" id="user-content-fnref-1"', id="footnote"),
    ],
)
def test_a_comment_looks_as_on_github(text: str, html: str) -> None:
    assert html in comment_html(text, REGISTRY, github())


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("one\ntwo", "<p>one\ntwo</p>", id="a line's end is none"),
        pytest.param("one\\\ntwo", "<p>one<br>\ntwo</p>", id="but after a backslash"),
        pytest.param("see !7.", 'see <a href="/git/acme/r/-/merge_requests/7">!7</a>.', id="merge request"),
        pytest.param("see #7.", 'see <a href="/git/acme/r/-/issues/7">#7</a>.', id="issue"),
        pytest.param("@ana", '<a class="mention" href="/git/ana">@ana</a>', id="person"),
        pytest.param("@a/b/c", '<a class="mention" href="/git/groups/a/b/c">@a/b/c</a>', id="group in a group"),
        pytest.param("`!7` and a!7", "<p><code>!7</code> and a!7</p>", id="neither code nor a part of a word"),
        pytest.param("> [!TIP]\n> do", '<blockquote class="alert tip">', id="alert"),
    ],
)
def test_a_comment_looks_as_on_gitlab(text: str, html: str) -> None:
    assert html in comment_html(text, REGISTRY, gitlab("/git"))


def test_an_exclamation_names_nothing_on_github() -> None:
    assert comment_html("see !7", REGISTRY, github()) == "<p>see !7</p>\n"


class _Reader(HTMLParser):
    """What a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<script>alert(1)</script>", id="script"),
        pytest.param("<img src=x onerror=alert(1)>", id="handler"),
        pytest.param("<a href='javascript:alert(1)'>x</a>", id="scheme"),
        pytest.param("[x](javascript:alert(1))", id="scheme in Markdown"),
        pytest.param("[x](data:text/html,<script>alert(1)</script>)", id="data"),
        pytest.param("<svg onload=alert(1)><style>*{}</style></svg>", id="svg"),
        pytest.param("<input type=text onfocus=alert(1) autofocus>", id="input"),
        pytest.param("<form action=/_/viewer><button>x</button></form>", id="form"),
        pytest.param('<a title="a>b @ana onclick=alert(1) x=">y</a>', id="a tag that seems to end early"),
        pytest.param("<details ontoggle=alert(1) open>x</details>", id="details"),
        pytest.param("```diff\n<script>alert(1)</script>\n```", id="in a diff"),
        pytest.param("@ana<script>alert(1)</script>", id="after a mention"),
        pytest.param("a\0<scr\0ipt>alert(1)</script>", id="NUL"),
    ],
)
@pytest.mark.parametrize("face", [pytest.param(github(), id="github"), pytest.param(gitlab(), id="gitlab")])
def test_a_comment_never_acts(text: str, face: Face) -> None:
    reader = _Reader()

    reader.feed(comment_html(text, REGISTRY, face))

    assert not reader.elements & {"script", "style", "svg", "form", "button", "input", "iframe"}
    assert [name for name, _ in reader.attributes if name.startswith("on")] == []
    assert [value for _, value in reader.attributes if value.startswith(("javascript:", "data:"))] == []


def test_a_comment_cannot_pose_as_a_part_of_the_page() -> None:
    html = comment_html('<div id="merge" class="notice">x</div><a id="say" href="#merge">y</a>', REGISTRY, github())

    assert 'class="notice"' not in html
    assert set(re.findall(r'id="([^"]*)"', html)) <= {"user-content-merge", "user-content-say"}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        pytest.param("[x](a/b.md)", 'href="/acme/r/blob/main/docs/a/b.md"', id="file"),
        pytest.param("[x](../a.md#part)", 'href="/acme/r/blob/main/a.md#part"', id="above"),
        pytest.param("[x](../../../a.md)", 'href="/acme/r/blob/main/a.md"', id="never out of the repository"),
        pytest.param("![x](p.png)", 'src="/acme/r/raw/main/docs/p.png"', id="picture"),
        pytest.param("[x](https://example.org/a)", 'href="https://example.org/a"', id="elsewhere"),
        pytest.param("[x](/raj)", 'href="/raj"', id="root"),
        pytest.param("[x](#part)", 'href="#user-content-part"', id="part"),
    ],
)
def test_links_of_a_file_lead_to_the_files_beside_it(text: str, address: str) -> None:
    assert address in file_html(text, REGISTRY, github(), beside=Beside("main", "docs"))


def test_on_gitlab_they_lie_below_its_own_sign() -> None:
    html = file_html("![x](p.png) [y](a b.md) [z](a%20b.md)", REGISTRY, gitlab("/git"), beside=Beside("main", "docs"))

    assert 'src="/git/acme/r/-/raw/main/docs/p.png"' in html
    assert 'href="/git/acme/r/-/blob/main/docs/a%20b.md"' in html
