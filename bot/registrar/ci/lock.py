"""Says which lock a command needs, of those that Registrar brings along: the component installs by it.

GitLab gives a component's job no file beside the template, so Registrar comes first, alone, by its version. This module
imports nothing that is not there then.
"""

import os
import sys
from collections.abc import Mapping

from registrar.ci.installing import CannotInstall, lock_of


def main(environment: Mapping[str, str]) -> int:
    """Print the path of the lock."""
    try:
        sys.stdout.write(f"{lock_of(environment)}\n")
    except CannotInstall as error:
        sys.stderr.write(f"registrar: error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
