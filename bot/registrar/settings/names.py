"""Knows every setting by its name: what it says, and what it is when nobody says it."""

from collections.abc import Mapping
from typing import Final

FORGES: Final = ("github", "gitlab")
LOG_LEVELS: Final = ("debug", "info", "warning", "error")
TOKENS: Final[Mapping[str, tuple[str, ...]]] = {  # that of the other forge would be told to a stranger
    "github": ("REGISTRAR_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"),
    "gitlab": ("REGISTRAR_TOKEN", "GITLAB_TOKEN"),
}

NAMEABLE: Final = "REGISTRAR_SECRET_"  # begins the only variables that a registry.yaml can name

SETTINGS: Final[Mapping[str, str]] = {
    "REGISTRAR_FORGE": "The kind of forge that holds the registry: `github` or `gitlab`. Default: what its address "
    "says: `gitlab` for gitlab.com and for a host called `gitlab.`, else `github`.",
    "REGISTRAR_FORGE_URL": "Its address, as a browser shows it. Default: what the address of `origin` says, else "
    "`https://github.com`, or `https://gitlab.com` if the forge is `gitlab`.",
    "REGISTRAR_REPOSITORY": "The registry's repository, as `OWNER/NAME` or, on GitLab, `GROUP/SUBGROUP/NAME`. Default: "
    "what the address of `origin` says. The server looks after several, with commas between them.",
    "REGISTRAR_REPOSITORY_ID": "Its number there; another one is refused. Default: the server's at its first start.",
    "REGISTRAR_BASE": "The branch that says what is true. Default: the forge's default branch.",
    "REGISTRAR_TOKEN": "The token that speaks to the forge and to git. Default: on GitHub `GITHUB_TOKEN`, then "
    "`GH_TOKEN`; on GitLab `GITLAB_TOKEN`; these go to the public forge, or to that of the job, and to no other one "
    "unless `REGISTRAR_FORGE_URL` names it.",
    "REGISTRAR_TOKEN_FILE": "The file that holds that token instead. The server reads it again when the forge refuses "
    "the token, so that it can be renewed without a restart. Default: none.",
    "REGISTRAR_ADMIN_TOKEN": "The token of somebody who administers the registry, for `registrar doctor` and "
    "`registrar setup` alone: it sees and changes what the bot must not. Default: the bot's.",
    "REGISTRAR_HOOKS_TOKEN": "The token by which the server looks after its webhooks, where the bot's may not see "
    "them: on GitHub *Webhooks: read and write*, on GitLab a maintainer's. Default: the bot's.",
    "REGISTRAR_PUBLIC_URL": "Where the forge reaches the server, `https://registrar.example.org`: which webhooks are "
    "its own. Default: every one that ends in the path of its door.",
    "REGISTRAR_GIT_URL": "Where git reaches the repository, when it is not where the forge says.",
    "REGISTRAR_WEBHOOK_SECRET": "What signs the forge's webhooks; two, with a comma, while one replaces the other. On "
    "GitLab a signing token (`whsec_...`), or a plain secret token.",
    "REGISTRAR_WEBHOOK_SECRETS_FILE": "A YAML file that gives repositories secrets of their own, registries and "
    "applications: `acme/registry: [secret]`. Nothing else signs for them. Default: none.",
    "REGISTRAR_SIGNING_KEY": "The file of the SSH key, without a passphrase, that signs the ledger; the registry's "
    "`allowed_signers` names it. Default: none, and the ledger is not signed.",
    "REGISTRAR_STATE_DIR": "Where the server keeps its inbox and its mirror. Default: `~/.local/state/registrar`. "
    "Where `registrar reconcile` keeps its mirror; default: nowhere.",
    "REGISTRAR_DATABASE_URL": "The PostgreSQL that holds the inbox, for more than one replica: "
    "`postgresql://USER:PASSWORD@HOST/NAME`. Default: SQLite files in the state directory.",
    "REGISTRAR_KEEP_DAYS": "For how many days the database keeps what is done: at least 8, as a forge may send it anew "
    "for 7. What is parked stays, and which deploys were started. Default: `30`.",
    "REGISTRAR_DRAIN_SECONDS": "For how long a server that was told to stop still answers, while `/readyz` says that "
    "it is leaving. Default: `0`.",
    "REGISTRAR_GRACE_SECONDS": "How long it then waits for work under way, before it leaves it to the next start or to "
    "a living replica. Default: `20`.",
    "REGISTRAR_LEASE_SECONDS": "For how many seconds a replica may say nothing, as in a frozen pod, until the others "
    "take it for dead and do its work: the same for all. Default: `30`.",
    "REGISTRAR_METRICS_TOKEN": "What Prometheus shows as a bearer token to read `/metrics`. Default: none, and nobody "
    "is told.",
    "REGISTRAR_LOG_LEVEL": "From what on the server writes its log: `debug`, `info`, `warning` or `error`. Default: "
    "`info`.",
    "REGISTRAR_HOST": "The address on which the server listens. Default: `127.0.0.1`.",
    "REGISTRAR_PORT": "The port on which the server listens. Default: `8080`.",
}
