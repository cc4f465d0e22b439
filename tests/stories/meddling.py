"""What somebody does to the bot's own words, and to the times of them: on GitHub whoever may write can."""

from dataclasses import replace
from datetime import timedelta

from stories.places import REGISTRY
from stories.town import Town

BOT = "registrar-bot"


def take_away_what_the_bot_said(town: Town, number: int) -> None:
    """Delete every comment of the bot's; on GitLab a maintainer would have to."""
    thread = town.sandbox.store.repository(REGISTRY).thread(number)
    thread.comments[:] = [each for each in thread.comments if each.author.login != BOT]


def rewrite_what_the_bot_said(town: Town, number: int, old: str, new: str) -> None:
    """Put other words into its comments, which it still seems to have written."""
    for each in town.sandbox.store.repository(REGISTRY).thread(number).comments:
        if each.author.login == BOT:
            each.body = each.body.replace(old, new)


def said_a_minute_ago(town: Town) -> None:
    """Put everything under the commits of the registry clearly before what follows: GitHub tells whole seconds."""
    repository = town.sandbox.store.repository(REGISTRY)
    repository.statuses[:] = [
        replace(each, created_at=each.created_at - timedelta(minutes=1)) for each in repository.statuses
    ]


def last_said_a_minute_later(town: Town) -> None:
    """Put the newest line under a commit clearly after what happened before it."""
    repository = town.sandbox.store.repository(REGISTRY)
    last = repository.statuses[-1]
    moment = last.created_at + timedelta(minutes=1)
    repository.statuses[-1] = replace(last, created_at=moment, updated_at=moment)


def go_back(town: Town, number: int, sha: str, *, by: str) -> None:
    """Put the branch of a pull request at a commit that it was at before."""
    checkout = town.checkout(by)
    checkout.git("push", "--quiet", "--force", "origin", f"{sha}:refs/heads/{town.pull_request(number).branch}")
    town.settle()


def push_again(town: Town, number: int, *, by: str, anew: bool = False) -> None:
    """Bring the branch of a pull request back as it was, or its commit made anew, as when it is rebased."""
    seen, checkout = town.pull_request(number), town.checkout(by)
    checkout.git("fetch", "--quiet", "origin", town.sandbox.forge.dialect.head_ref(number))
    sha = checkout.git("rev-parse", "FETCH_HEAD").strip()
    if anew:
        name, email, message = checkout.git("log", "-1", "--format=%an%n%ae%n%B", sha).split("\n", 2)
        author = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email}
        tree = checkout.git("rev-parse", f"{sha}^{{tree}}").strip()
        sha = checkout.git("commit-tree", tree, "-p", f"{sha}^", "-m", message, **author).strip()
    checkout.git("push", "--quiet", "--force", "origin", f"{sha}:refs/heads/{seen.branch}")
    town.settle()
