"""How GitHub lands a pull request: by a merge commit, by one commit of all, or by its commits anew."""

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
    head, path = pull_request.head_sha, repository.path
    base = git.branch(path, pull_request.target_branch) or git.ABSENT
    if landing.method == "rebase":
        replayed = git.replay(path, base, head, committer=actor)
        if replayed is None:
            raise CannotMerge("This branch can't be rebased")
        return Landed(replayed, "rebase")
    tree = git.merged_tree(path, base, head)
    if tree is None:
        raise CannotMerge("Pull Request is not mergeable")
    parents: tuple[str, ...] = (base,)
    title, author = f"{pull_request.title} (#{pull_request.number})", pull_request.author
    if landing.method == "merge":
        parents = (base, head)
        source = f"{repository.owner.login}/{pull_request.source_branch}"
        title, author = f"Merge pull request #{pull_request.number} from {source}", actor
    message = f"{landing.title or title}\n\n{landing.message or pull_request.title}"
    return Landed(git.write_commit(path, tree, parents, message=message, author=author), landing.method)
