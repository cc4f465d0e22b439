"""`registrar reconcile` as a process, at a pace that a test can wait for: `python a_job.py PACE WORDS...`."""

import json
import sys
import threading
from dataclasses import replace

from registrar.cli import reconcile as command
from registrar.cli import reconciled
from registrar.cli.program import build_parser
from registrar.cli.reconciliation import wanted
from registrar.serverless.reconciling import reconcile
from registrar.serverless.turn import Pace

pace, *words = sys.argv[1:]
arguments = build_parser(["reconcile"]).parse_args([command.__name__.rpartition(".")[2], *words])
with wanted(arguments) as asked:
    outcome = reconcile(replace(asked, pace=Pace(**json.loads(pace))), threading.Event())
reconciled.say(outcome, as_json=arguments.json)
sys.exit(reconciled.say_what_failed(outcome, waited=asked.waits))
