"""How GitLab lands a pull request: by a merge commit or by a move of the branch, squashed or not."""

from registrar.sandbox import git
from registrar.sandbox.accounts import Account
from registrar.sandbox.forge import Forge
from registrar.sandbox.landing import Landed, Landing
from registrar.sandbox.refusals import CannotMerge
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import PullRequest


def landed(
    _forge: Forge, repository: Repository, pull_request: PullRequest, landing: Landing, actor: Account
) -> Landed:
    """What the target branch shall be at. Raises `CannotMerge`."""
    path, head = repository.path, pull_request.head_sha
    base = git.branch(path, pull_request.target_branch) or git.ABSENT
    tree = git.merged_tree(path, base, head)
    if tree is None:
        raise CannotMerge("Branch cannot be merged")
    squash_commit = None
    if is_squashed(repository, pull_request, landing):
        message = landing.message if landing.method == "squash" and landing.message else pull_request.title
        squash_commit = git.write_commit(path, tree, (base,), message=message, author=pull_request.author)
    if repository.settings.merge_method == "ff":
        return Landed(squash_commit or head, "ff", squash_commit)
    parents = (base, squash_commit or head)
    message = landing.title or _message(repository, pull_request)
    return Landed(git.write_commit(path, tree, parents, message=message, author=actor), "merge", squash_commit)


def is_squashed(repository: Repository, pull_request: PullRequest, landing: Landing) -> bool:
    """Whether its commits become one: as the project demands, as whoever merges asks, or as the pull request says."""
    option = repository.settings.squash_option
    if option in {"always", "never"}:
        return option == "always"
    if pull_request.squash is not None:
        return pull_request.squash or landing.method == "squash"
    return landing.method == "squash" or option == "default_on"


def _message(repository: Repository, pull_request: PullRequest) -> str:
    first = f"Merge branch '{pull_request.source_branch}' into '{pull_request.target_branch}'"
    return f"{first}\n\n{pull_request.title}\n\nSee merge request {repository.full_name}!{pull_request.number}"
