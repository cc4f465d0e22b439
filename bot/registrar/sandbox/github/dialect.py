"""What makes the sandbox forge speak like GitHub."""

from registrar.sandbox.accounts import Role
from registrar.sandbox.forge import Dialect, Forge
from registrar.sandbox.github.landing import landed
from registrar.sandbox.github.webhooks import describe, headers
from registrar.sandbox.happenings import Happening
from registrar.sandbox.protection import obstacles_by_rule


def _follow(_forge: Forge, _happening: Happening) -> None:
    """GitHub writes nothing of its own under a pull request that anyone reads here."""


GITHUB = Dialect(
    name="github",
    head_refs="refs/pull/{}/head",
    refusal_of_push="Protected branch update failed: changes must be made through a pull request.",
    address_mark="+",
    headers=headers,
    describe=describe,
    follow=_follow,
    obstacles=obstacles_by_rule,
    landed=landed,
    tells=lambda _: True,
    reviews_own=False,
    review_role=Role.READ,
    longest_comment=65_536,
)
