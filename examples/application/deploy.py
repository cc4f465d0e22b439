"""Says on the branch `production` what is served from now on: no deploy twice, and none after one that is newer.

What it is told stands in the environment, as the workflow and the pipeline put it there; `registry` is a clone of the
registry, whose history says which of two deploys is the newer one.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

REGISTRY = "registry"
BRANCH = "production"
FILE = "serving.json"
KEY = "Operation"  # the trailer by which a deploy is known again
FACTS = ("model", "version", "hash", "commit", "pull_request", "approvers", "operation")
TRIES = 3  # another deploy may be quicker than this one


def main() -> int:
    """Deploy, unless the operation is known, for then it was done; or what serves was asked for later than this."""
    facts = {name: os.environ[name.upper()] for name in FACTS}
    history = set(git(REGISTRY, "rev-list", facts["commit"]).split())
    for _ in range(TRIES):
        with tempfile.TemporaryDirectory() as folder:
            known, serving = fetched(folder)
            if facts["operation"] in known:
                print(f"refused: {facts['operation']} was deployed before; nothing is done twice")
                return 0
            if serving and serving["commit"] not in history:
                print(overtaken(facts, serving), file=sys.stderr)
                return 1
            if pushed(folder, facts):
                print(f"{facts['model']} {facts['version']} serves, approved by {facts['approvers'] or 'nobody'}")
                return 0
    print("the branch could not be pushed; git says why above", file=sys.stderr)
    return 1


def fetched(folder: str) -> tuple[set[str], dict[str, str]]:
    """Get the branch, if there is one, and read which operations it knows, and what it says is served."""
    git(folder, "init", "--quiet", f"--initial-branch={BRANCH}", ".")
    if not git(folder, "ls-remote", os.environ["DEPLOY_REMOTE"], f"refs/heads/{BRANCH}"):
        return set(), {}
    git(folder, "fetch", "--quiet", os.environ["DEPLOY_REMOTE"], f"refs/heads/{BRANCH}")
    git(folder, "reset", "--quiet", "--hard", "FETCH_HEAD")
    known = set(git(folder, "log", f"--format=%(trailers:key={KEY},valueonly)").split())
    file = Path(folder) / FILE
    return known, json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def overtaken(facts: dict[str, str], serving: dict[str, str]) -> str:
    """Why it is not deployed; a rollback comes after what it takes back, so it is never refused by this."""
    newer = f"{serving['model']} {serving['version']} serves, as {serving['commit'][:7]} of the registry says"
    here = f"{facts['model']} {facts['version']} is not deployed"
    return f"overtaken: {newer}, and {facts['commit'][:7]} does not come after that; {here}"


def pushed(folder: str, facts: dict[str, str]) -> bool:
    """Commit what is served; false when it could not be pushed, as another deploy came first."""
    (Path(folder) / FILE).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    git(folder, "add", FILE)
    message = f"Serve {facts['model']} {facts['version']}\n\n{KEY}: {facts['operation']}"
    git(folder, "-c", "user.name=deploy", "-c", "user.email=deploy@localhost", "commit", "--quiet", "-m", message)
    words = ["git", "push", "--quiet", os.environ["DEPLOY_REMOTE"], f"HEAD:refs/heads/{BRANCH}"]
    return subprocess.run(words, cwd=folder, env=environment(), check=False).returncode == 0


def git(folder: str, *words: str) -> str:
    """What git prints. Raises `CalledProcessError` when it fails."""
    done = subprocess.run(["git", *words], cwd=folder, env=environment(), check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def environment() -> dict[str, str]:
    """The token reaches git through its environment alone: no argument, address or file holds it."""
    secret = f"{os.environ['DEPLOY_USER']}:{os.environ['DEPLOY_TOKEN']}"
    header = f"Authorization: Basic {base64.b64encode(secret.encode()).decode()}"
    return os.environ | {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "http.extraHeader",
        "GIT_CONFIG_VALUE_0": header,
    }


if __name__ == "__main__":
    sys.exit(main())
