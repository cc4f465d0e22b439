"""Brings the ledger into the clone of a job: what checks out a repository for a job fetches branches alone."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from registrar.addresses import origin_of
from registrar.errors import Unknown
from registrar.repository.auditing import LEDGER_REF
from registrar.repository.git import GitRepository
from registrar.repository.processes import Credentials
from registrar.repository.revisions import origin_address
from registrar.settings import access_of


def bring_ledger(folder: Path, environment: Mapping[str, str]) -> None:
    """Let `audit` find it, and the history that it tells of; a registry may have none yet."""
    checkout = GitRepository.of_checkout(folder)
    address = origin_address(checkout) or ""
    access = access_of(environment, address, origin=origin_of(address))
    credentials = Credentials.of_token(access.token.reveal(), access.homes) if access else None
    git = GitRepository(checkout.directory, credentials=credentials)
    with suppress(Unknown):
        git.fetch(LEDGER_REF, whole=True)
        git.run("update-ref", LEDGER_REF, git.tracking(LEDGER_REF))
