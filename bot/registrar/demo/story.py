"""The demo from beginning to end: alone, or with a person who does the approving."""

import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import joblib
import sklearn

from registrar.demo.job import finish, prepare
from registrar.demo.narration import Narrator
from registrar.demo.world import REGISTRY, World, created
from registrar.errors import RegistrarError, UsageError
from registrar.settings import usable

REAL = (sklearn, joblib)  # a missing one is said before anything starts

YOUR_TURN = """
It is your turn. Open {link}

  - You are mei there, who asked for it: approve, and read why it does not count.
  - Become ana (top right), a code owner: approve, and merge.
  - Watch the run of deploy.yml at {application}

The clone in {checkout} is mei's; every command works in it.
Ctrl-C takes everything down.
"""


def tell(*, auto: bool, port: int, keep: str | None) -> bool:
    """Run the demo; False when a step did not do what it says."""
    narrator = Narrator()
    with _folder(keep) as root, created(root, port=port) as world:
        narrator.say(f"a forge, a registry, an application and the bot are up at {world.sandbox.url}")
        try:
            number = prepare(world, narrator)
            if auto:
                finish(world, narrator, number)
        except RegistrarError:
            narrator.say(f"\nThe bot's log:\n{(root / 'bot.log').read_text()[-4000:]}")
            return False
        if auto:
            narrator.say(f"\nAll {narrator.steps} steps did what they say, in {narrator.seconds:.0f} seconds.")
        else:
            _wait_for_a_person(world, narrator, number)
    return True


def _wait_for_a_person(world: World, narrator: Narrator, number: int) -> None:
    link = f"{world.sandbox.url}/{REGISTRY}/pull/{number}"
    application = f"{world.sandbox.url}/acme/digits-ui"
    narrator.say(YOUR_TURN.format(link=link, application=application, checkout=world.checkout))
    try:
        signal.pause()
    except KeyboardInterrupt:
        narrator.say("")


@contextmanager
def _folder(keep: str | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="registrar-demo-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
        return
    root = Path(keep).absolute()
    with usable(f"--keep {keep}", mend="choose another folder"):
        root.mkdir(parents=True, exist_ok=True)
        is_empty = not any(root.iterdir())
    if not is_empty:
        raise UsageError(f"{root} is not empty; give an empty folder")
    yield root
