"""How anybody puts commits onto a branch, whatever the forge."""

from collections.abc import Mapping

from sandbox.scene import WorkTree


def pushed(tree: WorkTree, branch: str, files: Mapping[str, str], *, message: str, author: str) -> str:
    """Commit onto a branch of the remote, or onto a new one made from main, and push it. Returns the commit.

    `author` is a name and an address, where it is not the one whose tree it is.
    """
    tree.git("fetch", "--quiet", "origin")
    known = tree.git("branch", "--remotes", "--format=%(refname:lstrip=3)").split()
    start = next((name for name in (branch, "main") if name in known), None)
    if start is not None:
        tree.git("reset", "--quiet", "--hard", f"origin/{start}")
    tree.commit(dict(files), message)
    if author:
        tree.git("commit", "--quiet", "--amend", "--no-edit", "--author", author)
    tree.git("push", "--quiet", "origin", f"HEAD:{branch}")
    return tree.git("rev-parse", "HEAD").strip()


def forced(tree: WorkTree, branch: str, sha: str) -> None:
    """Put a branch of the remote at a commit that it can reach."""
    tree.git("fetch", "--quiet", "origin")
    tree.git("push", "--quiet", "--force", "origin", f"{sha}:refs/heads/{branch}")
