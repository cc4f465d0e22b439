"""What only somebody who means harm, or a clock, does to a town."""

from datetime import timedelta

from github.IssueComment import IssueComment

from registrar.repository.processes import Credentials
from stories.town import REGISTRY, Town, git


def discussion(town: Town, number: int, *, by: str = "mei") -> list[IssueComment]:
    """Every comment on a pull request, as someone sees them."""
    return list(town.client(by).get_repo(REGISTRY).get_issue(number).get_comments())


def reviewed_a_minute_ago(town: Town, number: int) -> None:
    """Forges tell whole seconds: put the reviews clearly before what follows."""
    pull_request = next(each for each in town.sandbox.store.repository(REGISTRY).pull_requests if each.number == number)
    for review in pull_request.reviews:
        review.submitted_at -= timedelta(minutes=1)


def written_a_minute_ago(town: Town, number: int) -> None:
    """The same for comments."""
    pull_request = next(each for each in town.sandbox.store.repository(REGISTRY).pull_requests if each.number == number)
    for comment in pull_request.comments:
        comment.created_at -= timedelta(minutes=1)


def copy_author_and_message(town: Town, of: str, *, by: str, branch: str) -> None:
    """Push a commit onto a branch that claims to be by the author of another, at that moment, with those words."""
    name, email, date, message = town.log("-1", "--format=%an%n%ae%n%aI%n%s", of).strip().split("\n")
    author = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email, "GIT_AUTHOR_DATE": date}
    folder = town.root / f"work-{by}-{REGISTRY.replace('/', '-')}"
    environment = as_someone(town, by) | author
    git(folder, "fetch", "--quiet", "origin", environment=environment)
    git(folder, "checkout", "--quiet", "-B", branch, f"origin/{branch}")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message, environment=environment)
    git(folder, "push", "--quiet", "origin", branch, environment=environment)
    town.settle()


def push_branch(town: Town, branch: str, onto: str, *, by: str) -> str:
    """Push what a branch holds straight onto another; the sha is returned."""
    folder = town.root / f"work-{by}-{REGISTRY.replace('/', '-')}"
    environment = as_someone(town, by)
    git(folder, "fetch", "--quiet", "origin", environment=environment)
    git(folder, "push", "--quiet", "origin", f"origin/{branch}:refs/heads/{onto}", environment=environment)
    town.settle()
    return git(folder, "rev-parse", f"origin/{branch}").strip()


def as_someone(town: Town, login: str) -> dict[str, str]:
    """The environment in which git acts as someone."""
    settings = {
        f"http.{town.sandbox.url}/.extraHeader": Credentials(login, town.tokens[login]).header(),
        "user.name": login,
        "user.email": f"{town.ids[login]}+{login}@users.noreply.localhost",
    }
    pairs = {f"GIT_CONFIG_KEY_{number}": key for number, key in enumerate(settings)}
    pairs |= {f"GIT_CONFIG_VALUE_{number}": value for number, value in enumerate(settings.values())}
    return pairs | {"GIT_CONFIG_COUNT": str(len(settings))}
