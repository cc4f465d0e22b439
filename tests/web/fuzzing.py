"""Makes up what strangers and broken forges may send: anything at all, and real webhooks with something odd in them."""

import copy
import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from forges.examples import webhook_examples
from forges.gitlab_examples import gitlab_payloads

REGISTRIES: Sequence[str] = ("Codertocat/Hello-World", "gitlab-org/gitlab-test", "mike/diaspora")  # that they speak of
_REAL: dict[str, Sequence[tuple[str, dict[str, Any]]]] = {
    "github": [(event, payload) for event, _, payload in webhook_examples()],
    "gitlab": [("", payload) for payload in gitlab_payloads().values()],
}

# Also what only a broken program writes: halves of surrogate pairs, NUL, numbers that no machine holds.
_TEXTS = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(
    ["/registrar promote", "acme/registry", "refs/heads/main", "0" * 40, "deploy-7-0123456789abcdef"]
)
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | _TEXTS
VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4), max_leaves=12
)


@st.composite
def odd_webhooks(draw: st.DrawFn, forge: str) -> tuple[str, bytes]:
    """A real webhook, with something else at none to three of its places."""
    kind, real = draw(st.sampled_from(_REAL[forge]))
    payload = copy.deepcopy(real)
    for _ in range(draw(st.integers(0, 3))):
        _change(draw, payload)
    return kind, _written(payload)


def webhooks(forge: str) -> st.SearchStrategy[tuple[str, bytes]]:
    """Whatever can be sent: the kind of its event, empty for any, and a body."""
    made_up = st.dictionaries(_TEXTS, VALUES, max_size=6).map(_written)
    bodies = made_up | st.binary(max_size=200) | VALUES.map(_written)
    kinds = st.sampled_from(["", *sorted({kind for kind, _ in _REAL[forge]})])
    return odd_webhooks(forge) | odd_webhooks(forge) | st.tuples(kinds, bodies)


def _change(draw: st.DrawFn, payload: dict[str, Any]) -> None:
    place: Any = payload
    while True:
        keys: list[Any] = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = draw(st.sampled_from(keys))
        if isinstance(place[key], dict | list) and place[key] and draw(st.booleans()):
            place = place[key]
            continue
        if isinstance(place, dict) and draw(st.integers(0, 3)) == 0:
            del place[key]
        else:
            place[key] = draw(VALUES)
        return


def _written(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True).encode()
