"""What only somebody who means harm, or a clock, does to a town."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from stories.places import REGISTRY
from stories.town import Town

FILE, LINK, SUBMODULE = "100644", "120000", "160000"


def reviewed_a_minute_ago(town: Town, number: int) -> None:
    """GitHub tells whole seconds: put the reviews, and before them what they are of, clearly before what follows."""
    pull_request = next(each for each in town.sandbox.store.repository(REGISTRY).pull_requests if each.number == number)
    for review in pull_request.reviews:
        review.submitted_at -= timedelta(minutes=1)
    pull_request.versions = [
        replace(version, created_at=version.created_at - timedelta(minutes=2)) for version in pull_request.versions
    ]


def written_a_minute_ago(town: Town, number: int) -> None:
    """The same for comments."""
    pull_request = next(each for each in town.sandbox.store.repository(REGISTRY).pull_requests if each.number == number)
    for comment in pull_request.comments:
        comment.created_at -= timedelta(minutes=1)


def copy_author_and_message(town: Town, of: str, *, by: str, branch: str) -> None:
    """Push a commit onto a branch that claims to be by the author of another, at that moment, with those words."""
    name, email, date, message = town.log("-1", "--format=%an%n%ae%n%aI%n%s", of).strip().split("\n")
    author = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email, "GIT_AUTHOR_DATE": date}
    checkout = town.checkout(by)
    checkout.git("fetch", "--quiet", "origin")
    checkout.git("checkout", "--quiet", "-B", branch, f"origin/{branch}")
    checkout.git("commit", "--quiet", "--allow-empty", "--message", message, **author)
    checkout.git("push", "--quiet", "origin", branch)
    town.settle()


def push_branch(town: Town, branch: str, onto: str, *, by: str) -> str:
    """Push what a branch holds straight onto another; the sha is returned."""
    checkout = town.checkout(by)
    checkout.git("fetch", "--quiet", "origin")
    checkout.git("push", "--quiet", "origin", f"origin/{branch}:refs/heads/{onto}")
    town.settle()
    return checkout.git("rev-parse", f"origin/{branch}").strip()


def committed_as(town: Town, who: str, hand: str, *, branch: str, by: str, message: str) -> None:
    """Push an empty commit onto a branch of which somebody else, `name <address>`, is the author or the committer."""
    name, _, address = who.rstrip(">").partition(" <")
    role = {"author": "AUTHOR", "committer": "COMMITTER"}.get(hand)
    signed = {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": address} if role else {}
    checkout = town.checkout(by)
    checkout.git("fetch", "--quiet", "origin")
    checkout.git("checkout", "--quiet", "-B", branch, f"origin/{branch}")
    checkout.git("commit", "--quiet", "--allow-empty", "--message", message, **signed)
    checkout.git("push", "--quiet", "origin", branch)
    town.settle()


def pushed_entries(
    town: Town, entries: Mapping[str, tuple[str, str]], *, by: str, branch: str, without: Sequence[str] = ()
) -> str:
    """Push onto a new branch what no file system may hold: each path with git's mode and its content; the sha.

    A submodule is given by the commit that it is at.
    """
    checkout = town.checkout(by)
    checkout.git("fetch", "--quiet", "origin")
    checkout.git("read-tree", "origin/main")
    for path in without:
        checkout.git("update-index", "--force-remove", path)
    for path, (mode, content) in entries.items():
        blob = content if mode == SUBMODULE else checkout.written(content)
        checkout.git("update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}")
    tree = checkout.git("write-tree").strip()
    sha = checkout.git("commit-tree", "-m", "Change", "-p", "origin/main", tree).strip()
    checkout.git("push", "--quiet", "origin", f"{sha}:refs/heads/{branch}")
    town.settle()
    return sha


def many_commits(town: Town, count: int, *, by: str, branch: str) -> None:
    """Push so many empty commits onto a branch, on top of what it holds."""
    checkout = town.checkout(by)
    checkout.git("fetch", "--quiet", "origin")
    sha = checkout.git("rev-parse", f"origin/{branch}").strip()
    for number in range(count):
        sha = checkout.git("commit-tree", "-m", f"Step {number}", "-p", sha, f"{sha}^{{tree}}").strip()
    checkout.git("push", "--quiet", "origin", f"{sha}:refs/heads/{branch}")
    town.settle()
