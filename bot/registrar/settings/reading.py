"""Knows how settings are read from an environment: what is wrong is remembered, and all of it said at once."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from registrar.addresses import is_at
from registrar.errors import UsageError
from registrar.settings.homes import home_of
from registrar.settings.names import TOKENS
from registrar.settings.parsing import token_in

_Value = TypeVar("_Value")

_SIGNING_TOKEN = "whsec_"  # noqa: S105 - how GitLab's signing tokens begin
_SIGNING_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that never shows itself: not in a log, a traceback or an error."""

    _text: str = field(repr=False)

    def reveal(self) -> str:
        """Hand out the text, for the one call that needs it."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(...)"

    __str__ = __repr__


class Reader:
    """Reads settings and remembers what was wrong, so that all of it is said at once."""

    def __init__(self, environment: Mapping[str, str], given: Mapping[str, str] | None = None) -> None:
        self._environment = environment
        self._given = given or {}
        self._problems: list[str] = []

    def told(self, **texts: str) -> "Reader":
        """The same, with other texts for some settings; what is wrong is remembered here too."""
        other = Reader({**self._environment, **texts}, self._given)
        other._problems = self._problems
        return other

    def text(self, name: str, default: str) -> str:
        """What the setting says, or the default."""
        return self._environment.get(name, "").strip() or default

    def parsed(self, name: str, parse: Callable[[str], _Value], default: str) -> _Value:
        """The setting as a value; the default where it cannot be one, and that is remembered."""
        try:
            return parse(self.text(name, default))
        except ValueError as error:
            self.refuse(name, str(error))
            return parse(default)

    def required(self, name: str, default: str, mend: str) -> str:
        """What the setting says; that nobody says it is remembered."""
        text = self.text(name, default)
        if not text:
            self._problems.append(f"{name} is not set: {mend}")
        return text

    def home(self, forge: str) -> str:
        """Where the forge of this kind is, unless somebody says it."""
        return home_of(forge, self._environment)

    def has_token(self, forge: str, url: str) -> bool:
        """Whether a token for the forge at an address was given."""
        return any(self.text(name, "") for name in (*self._tokens(forge, url), "REGISTRAR_TOKEN_FILE"))

    def token(self, forge: str, url: str) -> Secret:
        """The token for the forge at an address, in its file or under the first of its names."""
        if self.text("REGISTRAR_TOKEN_FILE", ""):
            if self.text("REGISTRAR_TOKEN", ""):
                self.refuse("REGISTRAR_TOKEN_FILE", "stands beside REGISTRAR_TOKEN: give one of the two")
            return Secret(self.parsed("REGISTRAR_TOKEN_FILE", token_in, ""))
        names = self._tokens(forge, url)
        for name in names:
            if text := self.text(name, ""):
                return self._secret(name, text)
        mend = "give it a token of the account that acts, with the rights that docs/adopt.md lists"
        kept = next((name for name in TOKENS[forge] if name not in names and self.text(name, "")), None)
        if kept is not None:
            mend += f"; {kept} is told to {self.home(forge)} alone, unless REGISTRAR_FORGE_URL says otherwise"
        return Secret(self.required("REGISTRAR_TOKEN", "", mend))

    def _tokens(self, forge: str, url: str) -> tuple[str, ...]:
        """The names under which a token may be that is told to an address: those that others use hold their own."""
        ours, *others = TOKENS[forge]
        is_meant = bool(self.text("REGISTRAR_FORGE_URL", "")) or is_at(url, self.home(forge))
        return (ours, *(others if is_meant else ()))

    def path(self, name: str) -> Path | None:
        """Where a file is; None: nobody says it."""
        text = self.text(name, "")
        return Path(text).expanduser() if text else None

    def secret(self, name: str) -> Secret | None:
        """A secret that may be missing."""
        text = self.text(name, "")
        return self._secret(name, text) if text else None

    def named(self, prefix: str) -> Mapping[str, Secret]:
        """Every secret whose name begins so."""
        named = {name: text.strip() for name, text in self._environment.items() if name.startswith(prefix)}
        return {name: self._secret(name, text) for name, text in named.items() if text}

    def secrets(self, name: str, *, forge: str) -> tuple[Secret, ...]:
        """Secrets with commas between them."""
        return self.usable_secrets(name, self._environment.get(name, "").split(","), forge=forge)

    def usable_secrets(self, where: str, given: Sequence[str], *, forge: str) -> tuple[Secret, ...]:
        """The secrets of webhooks that were given somewhere."""
        texts = [text.strip() for text in given]
        if not all(texts) or not texts:
            self._problems.append(f"{where} is empty or blank: give it the secret that the webhook was made with")
        if forge == "gitlab" and any(_is_cut_short(text) for text in texts):
            self._problems.append(f"{where} begins as a signing token and is none, which has 32 bytes: copy it again")
        return tuple(self._secret(where, text) for text in texts if text)

    def refuse(self, name: str, problem: str) -> None:
        """Remember what is wrong with a setting, by the name that it was given under."""
        self._problems.append(f"{self._given.get(name, name)} {problem}")

    def checked(self, settings: _Value) -> _Value:
        """The settings, unless anything was wrong. Raises `UsageError` with all of it."""
        if self._problems:
            raise UsageError("; ".join(self._problems))
        return settings

    def _secret(self, name: str, text: str) -> Secret:
        if not text.isascii() or not text.isprintable():
            self._problems.append(f"{name} holds a character that no secret has: copy it again")
        return Secret(text)


def _is_cut_short(secret: str) -> bool:
    """Whether it begins as a signing token of GitLab's, and is none."""
    if not secret.startswith(_SIGNING_TOKEN):
        return False
    try:
        return len(base64.b64decode(secret.removeprefix(_SIGNING_TOKEN), validate=True)) != _SIGNING_KEY_BYTES
    except ValueError:
        return True
