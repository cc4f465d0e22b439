"""Knows the pages about what is in a repository: folders, files and commits."""

from dataclasses import dataclass

import pygit2
from starlette.responses import PlainTextResponse, Response

from registrar.sandbox import git
from registrar.sandbox.accounts import Account
from registrar.sandbox.pages.diffs import diff
from registrar.sandbox.pages.markdown import Beside, file_html
from registrar.sandbox.pages.visits import Visit
from registrar.sandbox.refusals import NotFound
from registrar.sandbox.store import Repository

MOST_COMMITS = 100
LARGEST = 512 * 1024  # bytes of a file that are shown
_PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or a folder in a folder."""

    name: str
    path: str
    is_folder: bool


@dataclass(frozen=True, slots=True)
class Authored:
    """A commit, and the account of whoever wrote it, if it is one's."""

    commit: git.Commit
    account: Account | None


def home(visit: Visit) -> Response:
    """The repository at its default branch: files, README, what is going on."""
    repository = visit.repository()
    return _folder(visit, repository, repository.default_branch, "")


def folder(visit: Visit) -> Response:
    """A folder at a branch, tag or commit."""
    repository = visit.repository()
    ref, path = _split(repository, visit.parts["rest"])
    return _folder(visit, repository, ref, path)


def _folder(visit: Visit, repository: Repository, ref: str, path: str) -> Response:
    sha = git.resolve(repository.path, ref)
    entries = None if sha is None else _entries(repository, sha, path)
    if entries is None and (sha is not None or path):
        raise NotFound(f"{repository.full_name} has no folder {path!r} at {ref}")
    readme = next((each for each in entries or () if each.name.lower() == "readme.md"), None)
    found = git.read(repository.path, sha, readme.path) if readme and sha else None
    return visit.page(
        "repository.html",
        repository=repository,
        clone_url=f"{visit.forge.url}/{repository.full_name}.git",
        ref=ref,
        crumbs=_crumbs(path),
        entries=entries or (),
        latest=authored(visit, repository, sha, 1)[0] if sha else None,
        readme=readme,
        readme_html=file_html(found[1].decode(errors="replace"), repository, visit.face, beside=Beside(ref, path))
        if found
        else "",
        is_home=not path,
    )


def _split(repository: Repository, rest: str) -> tuple[str, str]:
    """A ref may hold slashes: the longest that exists is meant."""
    parts = rest.strip("/").split("/")
    for length in range(len(parts), 0, -1):
        ref = "/".join(parts[:length])
        if git.resolve(repository.path, ref):
            return ref, "/".join(parts[length:])
    raise NotFound(f"{repository.full_name} has no branch, tag or commit {parts[0]!r}")


def _entries(repository: Repository, sha: str, path: str) -> tuple[Entry, ...] | None:
    tree: pygit2.Object = git.opened(repository.path)[sha].peel(pygit2.Tree)
    try:
        tree = tree[path] if path and isinstance(tree, pygit2.Tree) else tree
    except KeyError:
        return None
    if not isinstance(tree, pygit2.Tree):
        return None
    prefix = f"{path}/" if path else ""
    found = [Entry(str(each.name), f"{prefix}{each.name}", isinstance(each, pygit2.Tree)) for each in tree]
    return tuple(sorted(found, key=lambda each: (not each.is_folder, each.name)))


def _crumbs(path: str) -> list[tuple[str, str]]:
    parts = path.split("/") if path else []
    return [(part, "/".join(parts[: index + 1])) for index, part in enumerate(parts)]


def file(visit: Visit) -> Response:
    """One file, its lines numbered; Markdown as it looks, unless it is asked for plain."""
    repository = visit.repository()
    ref, path = _split(repository, visit.parts["rest"])
    content = _content(repository, ref, path)
    is_text = b"\0" not in content[:8000] and len(content) <= LARGEST
    text = content.decode(errors="replace") if is_text else ""
    is_markdown = path.lower().endswith(".md") and "plain" not in visit.query
    return visit.page(
        "file.html",
        repository=repository,
        ref=ref,
        crumbs=_crumbs(path),
        path_in=path,
        lines=text.removesuffix("\n").split("\n"),
        length=len(content),
        is_text=is_text,
        is_picture=path.rpartition(".")[2].lower() in _PICTURES,
        html=file_html(text, repository, visit.face, beside=Beside(ref, path.rpartition("/")[0]))
        if is_markdown
        else "",
    )


def raw(visit: Visit) -> Response:
    """The bytes of a file: a picture, or plain text, and never a page that acts."""
    repository = visit.repository()
    ref, path = _split(repository, visit.parts["rest"])
    kind = _PICTURES.get(path.rpartition(".")[2].lower(), "text/plain; charset=utf-8")
    safety = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
    safety["X-Content-Type-Options"] = "nosniff"
    return Response(_content(repository, ref, path), media_type=kind, headers=safety)


def _content(repository: Repository, ref: str, path: str) -> bytes:
    sha = git.resolve(repository.path, ref)
    found = git.read(repository.path, sha, path) if sha and path else None
    if found is None:
        raise NotFound(f"{repository.full_name} has no file {path!r} at {ref}")
    return found[1]


def commits(visit: Visit) -> Response:
    """What led to a branch, newest first."""
    repository = visit.repository()
    ref = visit.parts.get("rest") or repository.default_branch
    sha = git.resolve(repository.path, ref)
    if sha is None and ref != repository.default_branch:
        raise NotFound(f"{repository.full_name} has no branch, tag or commit {ref!r}")
    found = authored(visit, repository, sha, MOST_COMMITS) if sha else []
    return visit.page("commits.html", repository=repository, ref=ref, commits=found)


def authored(visit: Visit, repository: Repository, sha: str, most: int) -> list[Authored]:
    """A commit and those before it, on the first parent's line, newest first."""
    found: list[Authored] = []
    at: str | None = sha
    while at and len(found) < most:
        commit = git.commit(repository.path, at)
        found.append(Authored(commit, visit.forge.store.account_of_email(commit.author.email)))
        at = commit.parents[0] if commit.parents else None
    return found


def commit(visit: Visit) -> Response:
    """What one commit changed, and what was said about it."""
    repository = visit.repository()
    sha = git.resolve(repository.path, visit.parts["sha"])
    if sha is None:
        raise NotFound(f"{repository.full_name} has no commit {visit.parts['sha']}")
    (found,) = authored(visit, repository, sha, 1)
    return visit.page(
        "commit.html",
        repository=repository,
        found=found,
        statuses=repository.newest_statuses(sha),
        files=diff(repository, found.commit.parents[0] if found.commit.parents else None, sha),
    )


def patch(visit: Visit) -> Response:
    """A pull request as git would write it."""
    repository = visit.repository()
    pull_request = repository.pull_request(visit.number())
    base = git.merge_base(repository.path, pull_request.base_sha, pull_request.head_sha)
    files = git.changed_files(repository.path, base, pull_request.head_sha)
    text = "".join(f"--- {each.old_path}\n+++ {each.path}\n{each.patch}\n" for each in files)
    return PlainTextResponse(text, headers={"X-Content-Type-Options": "nosniff"})
