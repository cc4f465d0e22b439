"""`registrar reconcile` as a process of its own runs it, at a pace that a test can wait for."""

import json
import threading
from dataclasses import replace

from registrar.cli import reconciled
from registrar.cli.program import build_parser
from registrar.cli.reconciliation import wanted
from registrar.serverless.reconciling import reconcile
from registrar.serverless.turn import Pace


def run(pace: str, *words: str) -> int:
    """The pace is JSON; the words are those of the command line. How it ended, as the command says it."""
    arguments = build_parser(["reconcile"]).parse_args(["reconcile", *words])
    with wanted(arguments) as asked:
        outcome = reconcile(replace(asked, pace=Pace(**json.loads(pace))), threading.Event())
    reconciled.say(outcome, as_json=arguments.json)
    return reconciled.say_what_failed(outcome, waited=asked.waits)
