"""Knows what a person's words for a commit mean in a clone, and what the clone says about where it came from."""

from registrar.errors import NoRegistry, Unknown
from registrar.repository.git import GitRepository
from registrar.repository.processes import GitFailed


def revision(repository: GitRepository, text: str) -> str:
    """The commit that a sha (also a short one), a branch, a tag or any other word of git's means. Raises `Unknown`."""
    names = (text, f"refs/remotes/{repository.remote}/{text}")
    for name in names:
        if (sha := _commit(repository, name)) is not None:
            return sha
    raise Unknown(f"no commit is called {text!r} here; fetch first, or see how it is spelt")


def tracked(repository: GitRepository, base: str | None) -> str:
    """The ref in which a clone keeps the base branch of its remote, if it has fetched it."""
    return f"refs/remotes/{repository.remote}/{base or default_branch(repository) or 'main'}"


def has_fetched(repository: GitRepository, base: str | None) -> bool:
    """Whether the clone knows the base branch of its remote."""
    return _commit(repository, tracked(repository, base)) is not None


def truth(repository: GitRepository, base: str | None) -> str:
    """The commit that says what is true: the base branch of the remote as last fetched, else that branch here.

    Without a base it is the remote's default branch, else `main`, else HEAD. Raises `Unknown` when there is none.
    """
    branch = base or default_branch(repository) or "main"
    names = [tracked(repository, branch), f"refs/heads/{branch}", *([] if base else ["HEAD"])]
    for name in names:
        if (sha := _commit(repository, name)) is not None:
            return sha
    if base and (_commit(repository, "HEAD") is not None or repository.run("for-each-ref", "--count=1")):
        raise Unknown(f"there is no branch {base!r} here; fetch first, or see how it is spelt")
    raise NoRegistry("there is no commit here yet; commit the registry first, or fetch it")


def default_branch(repository: GitRepository) -> str | None:
    """The remote's default branch, when the clone remembers it."""
    prefix = f"refs/remotes/{repository.remote}/"
    try:
        name = repository.run("symbolic-ref", "--quiet", f"{prefix}HEAD").decode().strip()
    except GitFailed:
        return None
    return name.removeprefix(prefix)


def origin_address(repository: GitRepository) -> str | None:
    """Where the clone came from; None when it has no remote."""
    try:
        return repository.run("remote", "get-url", "--", repository.remote).decode().strip()
    except GitFailed:
        return None


def _commit(repository: GitRepository, name: str) -> str | None:
    try:
        output = repository.run("rev-parse", "--quiet", "--verify", "--end-of-options", f"{name}^{{commit}}")
    except GitFailed:
        return None
    return output.decode().strip()
