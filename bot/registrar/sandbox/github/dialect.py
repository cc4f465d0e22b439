"""What makes the sandbox forge speak like GitHub."""

from registrar.sandbox.forge import Dialect
from registrar.sandbox.github.webhooks import describe, headers

GITHUB = Dialect("github", "refs/pull/{}/head", headers, describe)
