"""The demo from beginning to end: alone, or with a person who does the approving."""

import shlex
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import joblib
import sklearn

from registrar.demo.dialects import DIALECTS
from registrar.demo.job import finish, prepare
from registrar.demo.narration import Narrator
from registrar.demo.world import World, created
from registrar.errors import RegistrarError, UsageError
from registrar.sandbox.forge import DialectName
from registrar.settings import usable

REAL = (sklearn, joblib)  # a missing one is said before anything starts

YOUR_TURN = """
It is your turn: digits 1.1.0 waits for an approval to get Production.

  {link}

  1. Choose mei (top right), who asked for it; approve, and read why it does not count.
  2. Choose ana, a code owner; approve, and merge.
  3. Watch the {run} at {runs}

The command line works too, as mei, in her clone:

  . {settings} && cd {checkout}

Ctrl-C takes everything down{kept}.
"""


def tell(forge: DialectName, *, auto: bool, port: int, keep: str | None) -> bool:
    """Run the demo; False when a step did not do what it says. A signal to stop raises `KeyboardInterrupt`."""
    narrator = Narrator()
    with _signals_stop_it(), _folder(keep) as root, created(root, DIALECTS[forge], port=port) as world:
        narrator.say(f"They are up at {world.sandbox.url}")
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
            _wait_for_a_person(world, narrator, number, kept=", but for this folder" if keep else "")
    return True


def _wait_for_a_person(world: World, narrator: Narrator, number: int, *, kept: str) -> None:
    settings = world.hand_over()
    turn = YOUR_TURN.format(
        link=world.link(number),
        run=world.face.words.run,
        runs=world.runs_link,
        settings=shlex.quote(str(settings)),
        checkout=shlex.quote(str(world.checkout)),
        kept=kept,
    )
    try:
        narrator.say(turn)
        while True:
            signal.pause()
    except KeyboardInterrupt:
        narrator.say("Taking everything down ...")


@contextmanager
def _signals_stop_it() -> Iterator[None]:
    """Take everything down on any signal that asks to stop, once; Ctrl-C too when a shell's `&` had it ignored."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    if before[signal.SIGHUP] is signal.SIG_IGN:
        del before[signal.SIGHUP]  # nohup means it
    try:
        for each in before:
            signal.signal(each, stop)
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


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
