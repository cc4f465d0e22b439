"""Knows how a notice reaches a chat, a mailbox or a pager: one address for each, which is a secret."""

import logging

from registrar.errors import RegistrarError, UsageError

MISSING = "notices need apprise, which is not installed where the bot runs; run: pip install 'model-registrar[notices]'"


class NotTold(RegistrarError):
    """A channel did not take a notice; trying again may help. The message holds nothing of its address."""


def send(address: str, *, title: str, body: str, channel: str) -> None:
    """Send it once, over the channel of that name. Raises `NotTold`; `UsageError` where trying again cannot help."""
    try:
        import apprise
    except ModuleNotFoundError as error:
        raise UsageError(MISSING) from error

    # Apprise tells its log where it sends to, and an address holds its password.
    logging.getLogger(apprise.LOGGER_NAME).disabled = True
    sender = apprise.Apprise(asset=apprise.AppriseAsset(async_mode=False, app_id="Registrar", app_desc="Registrar"))
    if not sender.add(address):
        raise UsageError(f"{channel} holds no address that Apprise knows; see https://github.com/caronc/apprise/wiki")
    if not sender.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT):
        raise NotTold(f"{channel} ({sender[0].service_name}) did not take a notice")
