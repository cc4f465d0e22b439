"""Knows every secret that the process was given, and leaves none of them in a text, in whatever form it got there."""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus, unquote, urlsplit

SHORTEST = 4  # anything shorter is in every text by chance
HIDDEN = "***"

_WHOLE_ADDRESS_PART = 8  # a shorter part of an address is a word such as `hooks`


class Redaction:
    """Takes secrets out of texts: as they are, and as JSON, addresses, byte strings and headers write them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._forms: frozenset[str] = frozenset()
        self._pattern: re.Pattern[str] | None = None
        self.learn(*secrets)

    def learn(self, *secrets: str) -> None:
        """Take these out too, from now on: a token may be renewed while the process lives."""
        self._forms |= {form for secret in secrets for form in _forms(secret) if len(form) >= SHORTEST}
        longest_first = sorted(self._forms, key=lambda form: (-len(form), form))  # else half of a longer one stays
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        """The text with three stars in place of every secret."""
        pattern = self._pattern
        return pattern.sub(HIDDEN, text) if pattern else text

    def __repr__(self) -> str:
        return "Redaction(...)"


def _forms(secret: str) -> Iterator[str]:
    for text in {secret, secret.strip(), *_parts_of_address(secret)}:
        yield text
        yield json.dumps(text)[1:-1]
        yield repr(text)[1:-1]
        yield quote(text, safe="")
        yield quote_plus(text)
        yield from _inside_base64(text)


def _parts_of_address(secret: str) -> Iterator[str]:
    """Of an address the password is a secret by itself, and so are the tokens in its path: errors name them alone."""
    if "://" not in secret:
        return
    try:
        parts = urlsplit(secret)
    except ValueError:
        return
    if parts.password:
        yield from (parts.password, unquote(parts.password))
    words = re.split(r"[/?&=#@:]", secret.partition("://")[2])
    yield from (word for word in words if len(word) >= _WHOLE_ADDRESS_PART and not _is_public(word, parts.hostname))


def _is_public(word: str, host: str | None) -> bool:
    """Whether an address may show it: a host, and what is one word of a language."""
    return word.casefold() == (host or "").casefold() or (word.isalpha() and word.islower())


def _inside_base64(text: str) -> Iterator[str]:
    """What of it stays the same in base64 whatever stands before and after it, as a user does in a header."""
    content = text.encode()
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + content).decode().rstrip("=")
        first = -(-before * 8 // 6)  # characters that what stands before has a part in
        whole = (before + len(content)) * 8 // 6  # and those that end before what comes after has one
        yield coded[first:whole]
        yield coded[first:whole].translate(str.maketrans("+/", "-_"))
