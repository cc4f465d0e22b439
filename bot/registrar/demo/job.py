"""The job, step by step, each step checked by what a person would see."""

import json
import re

from registrar.demo.narration import Disappointed, Narrator, expect, wait_for
from registrar.demo.training import recipes, train
from registrar.demo.world import APPLICATION, REGISTRY, STATUS, World
from registrar.errors import NotAllowed
from registrar.repository.ledger import REF

_STATUS_FILE = "models/digits/status.yaml"
_DEPLOYED = 'outcome: "success"'


def prepare(world: World, narrator: Narrator) -> int:
    """Everything up to the request for 1.1.0, whose number is returned: from there on a person can take over."""
    first, better, worse = recipes()
    with narrator.step("mei trains digits 1.0.0 and registers it"):
        _merged(world, narrator, _registered(world, narrator, first))
    with narrator.step("1.0.0 becomes the first in Production"):
        number = _asked_on_command_line(world, narrator, "digits@1.0.0")
        _approved_and_deployed(world, narrator, number, version="1.0.0")
    with narrator.step("mei trains a better 1.1.0 and registers it"):
        number = _registered(world, narrator, better)
        _compared(world, narrator, number, expected="better")
        _merged(world, narrator, number)
    with narrator.step("mei trains 1.2.0, which is worse, and registers it"):
        worse_number = _registered(world, narrator, worse)
        _compared(world, narrator, worse_number, expected="worse")
        _merged(world, narrator, worse_number)
    with narrator.step("mei asks for Production for 1.1.0, in a comment"):
        return _asked_in_comment(world, narrator, number)


def finish(world: World, narrator: Narrator, number: int) -> None:
    """The rest, as it goes when everybody does their part."""
    with narrator.step("mei approves her own request, and it does not count"):
        world.mei.approve(REGISTRY, number)
        narrator.saw(wait_for("the refusal", lambda: _said(world, number, "mei asked for")), world.link(number))
        expect(_status(world, number)[0] == "pending", "the status should still be pending")
    with narrator.step("mei tries to merge all the same"):
        _refused_merge(world, narrator, number)
    with narrator.step("ana, a code owner, approves; it is merged, and the application deploys exactly these weights"):
        _approved_and_deployed(world, narrator, number, version="1.1.0")
    with narrator.step("1.2.0 is asked for, and the gates refuse it"):
        refused = _asked_on_command_line(world, narrator, "digits@1.2.0")
        state, reason = wait_for("the verdict", lambda: _settled(world, refused))
        expect(state == "failure", f"1.2.0 should be refused, and its status is {state}")
        narrator.saw("; ".join(reason.split("; ")[:2]), world.link(refused))  # forges cut the rest at different places
    with narrator.step("git tells the story"):
        narrator.show(world.registrar("history", "digits"))
        narrator.show(world.registrar("show", "digits"))
        narrator.saw(f"git log --notes=registrar {_STATUS_FILE} tells who, why, and how it went:")
        narrator.show(_noted(world))


def _noted(world: World) -> str:
    """What plain git knows of the newest change of status, as far as a terminal can show it."""
    world.git("fetch", "--quiet", "origin", "main", f"{REF}:{REF}")
    said = world.git(
        "log", "-1", "--first-parent", "--notes=registrar", "--format=%N", "FETCH_HEAD", "--", _STATUS_FILE
    )
    lines = [line for line in said.splitlines() if line.startswith(("requester: ", "reason: ", _DEPLOYED))]
    expect(_DEPLOYED in lines, f"the ledger should tell of the deploy, and says: {said or 'nothing'}")
    return "\n".join(lines)


def _registered(world: World, narrator: Narrator, recipe: str) -> int:
    """Train and register, each with the real program."""
    source = world.propose(recipe)
    trained = train(world.trainer, world.root / "training")
    narrator.saw(f"trained, {trained.description[0].lower()}{trained.description[1:]}: accuracy {trained.accuracy}")
    opened = json.loads(world.registrar("register", "--from", str(trained.facts), *source, "--json"))
    number = int(opened["number"])
    narrator.saw(f"the weights are pushed to the DVC remote, {_named(world, number)} is open", world.link(number))
    return number


def _compared(world: World, narrator: Narrator, number: int, *, expected: str) -> None:
    comment = wait_for("the comparison", lambda: _comment(world, number))
    row = next((line for line in comment.splitlines() if "accuracy" in line and line.startswith("|")), "")
    expect(expected in row, f"the comment should call the accuracy {expected}, and says: {row or 'nothing'}")
    narrator.show(_headline_and_metrics(comment))


def _headline_and_metrics(comment: str) -> str:
    """The bot's comment as far as a terminal can show it: the verdict and the first table."""
    before, bar, rest = comment.partition("\n|")
    table = [line for line in f"{bar}{rest}".strip().split("\n\n")[0].splitlines() if not line.startswith("| :")]
    headline = [line.removeprefix("### ") for line in before.splitlines() if line.startswith("### ")]
    return "\n".join([*headline, *table])


def _merged(world: World, narrator: Narrator, number: int) -> None:
    wait_for("a green status", lambda: _status(world, number)[0] == "success" or None)
    world.ana.merge(REGISTRY, number)
    narrator.saw(f"{STATUS} is green; ana merges")


def _asked_on_command_line(world: World, narrator: Narrator, selector: str) -> int:
    number = int(json.loads(world.registrar("promote", selector, "to", "Production", "--json"))["number"])
    narrator.saw(f"registrar promote {selector} to Production opened {_named(world, number)}", world.link(number))
    return number


def _asked_in_comment(world: World, narrator: Narrator, number: int) -> int:
    words = "/registrar promote digits@1.1.0 to Production"
    asked = world.mei.comment(REGISTRY, number, words)
    narrator.saw(f"mei writes under {world.face.words.number(number)}: {words}", asked)
    answer = wait_for("the bot's answer", lambda: _said(world, number, "Opened"))
    found = re.search(rf"{world.face.words.mark}(\d+)", answer)
    if found is None:
        raise Disappointed(f"the answer names no {world.face.words.request}: {answer}")
    opened = int(found[1])
    comment = wait_for("the comparison", lambda: _comment(world, opened))
    narrator.saw(f"the bot opens {_named(world, opened)}, and says there:", world.link(opened))
    narrator.show(_headline_and_metrics(comment))
    return opened


def _refused_merge(world: World, narrator: Narrator, number: int) -> None:
    try:
        world.mei.merge(REGISTRY, number)
    except NotAllowed:
        state, reason = _status(world, number)
        narrator.saw(f'the forge refuses while "{STATUS}" is {state}: {reason}')
    else:
        raise Disappointed("the forge merged a request that nobody had approved")


def _approved_and_deployed(world: World, narrator: Narrator, number: int, *, version: str) -> None:
    _, waiting = wait_for("the verdict", lambda: _settled(world, number))
    narrator.saw(f'the status "{STATUS}" says: {waiting}')
    world.ana.approve(REGISTRY, number)
    _, reason = wait_for("a green status", lambda: _settled(world, number, "success"))
    narrator.saw(f"ana approves; now it says: {reason}")
    commit = world.ana.merge(REGISTRY, number)
    narrator.saw(f"ana merges: {commit[:7]}")
    line = wait_for("the end of the deploy", lambda: _deployed(world, number))
    expect("✅" in line, f"the deploy should have succeeded, and the comment says: {line}")
    _predicted(world, narrator, version)


def _predicted(world: World, narrator: Narrator, version: str) -> None:
    mine = [ran for ran in world.ana.runs(APPLICATION) if f" {version} " in ran.title]
    expect(len(mine) == 1, f"{version} should have been deployed once, and was {len(mine)} times")
    log = world.dialect.log(world.sandbox.store.repository(APPLICATION), mine[0].id)
    expect("model.joblib: OK" in log, "the weights should be exactly those of the registry")
    expect(f"digits {version} serves" in log, f"the application should serve {version} now")
    right = re.search(r"read \d+ of \d+ right", log)
    if right is None:
        raise Disappointed("the application should have read digits")
    narrator.saw(f"{world.dialect.pipeline} of {APPLICATION} ran once: the hash is right, {right[0]}", mine[0].link)


def _deployed(world: World, number: int) -> str | None:
    lines = (_comment(world, number) or "").splitlines()
    rows = [line for line in lines if world.dialect.pipeline in line and "|" in line]
    return next((row for row in rows if "✅" in row or "❌" in row), None)


def _settled(world: World, number: int, *wanted: str) -> tuple[str, str] | None:
    state, reason = _status(world, number)
    return (state, reason) if state and (not wanted or state in wanted) else None


def _status(world: World, number: int) -> tuple[str, str]:
    """The bot's own line under the head: its state and its words."""
    return world.mei.status(REGISTRY, number, STATUS)


def _comment(world: World, number: int) -> str | None:
    """The bot's one comment on the pull request: the one with the verdict."""
    return _said(world, number, "registrar:verdict")


def _said(world: World, number: int, words: str) -> str | None:
    """The line or comment of the bot that holds the words."""
    for comment in world.mei.comments(REGISTRY, number):
        if comment.author == world.bot.login and words in comment.text:
            lines = [line for line in comment.text.splitlines() if not line.startswith("<!--")]
            holding = [line.strip(" -") for line in lines if words in line]
            return holding[0] if holding else "\n".join(lines)
    return None


def _named(world: World, number: int) -> str:
    """`pull request #7`, as people there say it."""
    return f"{world.face.words.request} {world.face.words.number(number)}"
