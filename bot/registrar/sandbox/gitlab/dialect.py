"""What makes the sandbox forge speak like GitLab."""

from registrar.sandbox.forge import Dialect
from registrar.sandbox.gitlab.webhooks import describe, headers

GITLAB = Dialect("gitlab", "refs/merge-requests/{}/head", headers, describe)
