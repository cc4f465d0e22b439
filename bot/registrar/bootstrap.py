"""The only place that knows which real parts are put together."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from registrar.core.effects import Effects, RememberedEffects
from registrar.forges.connecting import forge_of
from registrar.forges.hook_connecting import hook_forge_of
from registrar.forges.identity import refuse_another
from registrar.forges.port import Forge
from registrar.handlers.bot import Bot
from registrar.handlers.registries import Registries
from registrar.repository.git import GitRepository
from registrar.repository.lease import Lease
from registrar.repository.mirror import keep_repository, mirror, place_of, repository_in
from registrar.repository.processes import Credentials
from registrar.repository.signing import SigningKey, signing_key
from registrar.settings import Secret, ServerSettings, Settings
from registrar.settings.token_file import read_token

EffectsOf = Callable[[str], Effects | None]  # what is kept of the effects of a registry, by its name

LEASE_TIMEOUT = 15.0  # seconds: a lease that moves more slowly is not kept


log = logging.getLogger("registrar.bootstrap")


def registries_for_server(
    server: ServerSettings, effects: EffectsOf, *, learn: Callable[[str], None] = lambda _: None
) -> Registries:
    """Every registry of a server, each with a bot of its own that is made when it is first needed.

    `learn` is told of a token that came after the settings were read, before it is used.
    """
    alone = len(server.registries) == 1
    token = partial(_token_of_now, server.settings, learn)

    def make(settings: Settings) -> Bot:
        renewed = replace(settings, token=token())
        return bot_for_server(renewed, server.state_directory, effects=effects(settings.repository), alone=alone)

    return Registries({each.repository: partial(make, each) for each in server.registries}, token=token)


def _token_of_now(settings: Settings, learn: Callable[[str], None]) -> Secret:
    """What the token's file holds by now; while nothing can be read there, what the settings were made with."""
    if settings.token_file is None:
        return settings.token
    try:
        text = read_token(settings.token_file)
    except ValueError as error:
        log.warning("REGISTRAR_TOKEN_FILE %s; going on with the token of the start", error)
        return settings.token
    learn(text)
    return Secret(text)


def bot_for_server(settings: Settings, state: Path, *, effects: Effects | None = None, alone: bool = True) -> Bot:
    """A bot with a bare mirror of its own, which remembers which repository it is of.

    Without `effects` it is the only one that works on the registry, and remembers them for its own life.

    Raises what a forge or git raises when they cannot be reached, `UsageError` for a key that cannot sign, and
    `ForgeRefused` when the name of the registry has come to lead to another repository.
    """
    key, effects = _key(settings), effects or RememberedEffects(_now)
    forge = _forge(settings, effects)
    number = _number_of(forge, settings.repository_id)
    url = settings.git_url or forge.clone_url()
    credentials = _credentials(settings)
    place = place_of(state, settings.repository, url, alone=alone)
    git = mirror(url, place, credentials=credentials, fence=effects.still_ours)
    refuse_another(forge.repository, number, known=settings.repository_id or repository_in(git) or number)
    keep_repository(git, number)
    return _bot(settings, forge, git, effects, key)


def bot_for_run(settings: Settings, state: Path, effects: Effects) -> Bot:
    """A bot without a server: no webhook leads to it, so it looks after none, and finds by itself what they tell."""
    return replace(bot_for_server(settings, state, effects=effects), hooks=None, has_inbox=False)


def lease_for_run(settings: Settings, bot: Bot, holder: str) -> Lease:
    """The lease of the bot's registry, which whoever is called so holds; no fence is asked before it moves."""
    credentials = _credentials(settings)
    git = GitRepository(bot.git.directory, credentials=credentials, timeout=LEASE_TIMEOUT)
    return Lease(git, bot.signature, holder)


def bot_for_checkout(settings: Settings) -> Bot:
    """A bot that works from a user's checkout, and leaves its work tree, index and branches alone."""
    if settings.directory is None:
        raise AssertionError("the command line knows its checkout")
    key, credentials = _key(settings), _credentials(settings)
    git = GitRepository.of_checkout(settings.directory, credentials=credentials)
    if git.objects.is_shallow:  # as CI checks out: what a status held before is told by history
        git.fetch(whole=True)
        git = GitRepository.of_checkout(settings.directory, credentials=credentials)
    effects = RememberedEffects(_now)
    forge = _forge(settings, effects)
    if settings.repository_id is not None:
        _number_of(forge, settings.repository_id)
    return _bot(settings, forge, git, effects, key)


def _credentials(settings: Settings) -> Credentials:
    access = settings.access
    return Credentials.of_token(access.token.reveal(), access.homes)


def _number_of(forge: Forge, known: str | None) -> str:
    """The number of the registry's repository, if it is the one that the settings mean."""
    number = forge.identity()
    refuse_another(forge.repository, number, known=known or number)
    return number


def _key(settings: Settings) -> SigningKey | None:
    """Looked at before anything else: a bot that cannot sign what it must is not to start."""
    return signing_key(settings.signing_key) if settings.signing_key is not None else None


def _bot(settings: Settings, forge: Forge, git: GitRepository, effects: Effects, key: SigningKey | None) -> Bot:
    token = settings.hooks_token or settings.token
    return Bot(
        forge=forge,
        git=git,
        base=settings.base or forge.default_branch(),
        now=_now,
        effects=effects,
        signing_key=key,
        secrets={name: secret.reveal() for name, secret in settings.secrets.items()},
        hooks=hook_forge_of(
            settings.forge,
            settings.forge_url,
            repository=settings.repository,
            token=token.reveal(),
            public_url=settings.public_url,
            fence=effects.still_ours,
        ),
    )


def _forge(settings: Settings, effects: Effects) -> Forge:
    token = settings.token.reveal()
    return forge_of(settings.forge, settings.forge_url, repository=settings.repository, token=token, effects=effects)


def _now() -> datetime:
    return datetime.now(UTC)
