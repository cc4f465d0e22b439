"""What each forge would send to the bot's door, told with the same words."""

import base64
import hashlib
import hmac
import json
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import ClassVar, Protocol

import httpx

from forges.gitlab_examples import SIGNING_TOKEN, signed
from web.doors import NOW, REGISTRY, Listening

Headers = Mapping[str, str]


class Sender(Protocol):
    """A forge that tells of events, and proves that it is itself."""

    forge: ClassVar[str]
    secret: ClassVar[str]
    other_secret: ClassVar[str]  # one that is as good, where it is the one that is set
    not_understood: ClassVar[int]  # what the forge is answered to what is authentic, and nothing that it sends

    @abstractmethod
    def proof(self, body: bytes, *, secret: str = "", delivery: str = "guid-1") -> dict[str, str]:
        """The headers that prove a body, with the forge's own secret unless told another."""

    @abstractmethod
    def named(self, kind: str) -> Headers:
        """The headers that say what kind of event it is."""

    @abstractmethod
    def opened(self, number: int = 7, *, repository: str = REGISTRY) -> dict[str, object]:
        """A pull request was opened."""

    @abstractmethod
    def run_ended(self, *, repository: str) -> dict[str, object]:
        """A deploy of ours came to its end."""

    @abstractmethod
    def weaker_proofs(self, body: bytes) -> Iterator[Headers]:
        """What the forge sends beside the proof, or might have been proved by, with the right secret."""

    kind: ClassVar[str]  # of what is opened
    kind_of_run: ClassVar[str]
    proving: ClassVar[str]  # the header that holds the proof

    @property
    def path(self) -> str:
        return f"/webhooks/{self.forge}"


class GitHub(Sender):
    forge = "github"
    secret = "the-present-secret"
    other_secret = "the-next-secret"
    not_understood = 400
    kind = "pull_request"
    kind_of_run = "workflow_run"
    proving = "X-Hub-Signature-256"

    def proof(self, body: bytes, *, secret: str = "", delivery: str = "guid-1") -> dict[str, str]:
        digest = hmac.new((secret or self.secret).encode(), body, hashlib.sha256).hexdigest()
        return {self.proving: f"sha256={digest}", "X-GitHub-Delivery": delivery}

    def weaker_proofs(self, body: bytes) -> Iterator[Headers]:
        named = {"X-GitHub-Delivery": "guid-1"}
        weak = "sha1=" + hmac.new(self.secret.encode(), body, hashlib.sha1).hexdigest()
        yield {**named, "X-Hub-Signature": weak}
        yield {**named, self.proving: weak}
        yield {**named, self.proving: "sha512=" + hmac.new(self.secret.encode(), body, hashlib.sha512).hexdigest()}

    def named(self, kind: str) -> Headers:
        return {"X-GitHub-Event": kind}

    def opened(self, number: int = 7, *, repository: str = REGISTRY) -> dict[str, object]:
        return {"action": "opened", "pull_request": {"number": number}, "repository": {"full_name": repository}}

    def run_ended(self, *, repository: str) -> dict[str, object]:
        run = {"id": 31, "event": "workflow_dispatch", "display_title": "deploy-7-0123456789abcdef"}
        return {"action": "completed", "workflow_run": run, "repository": {"full_name": repository}}


class GitLab(Sender):
    forge = "gitlab"
    secret = SIGNING_TOKEN
    other_secret = "whsec_" + base64.b64encode(bytes(range(32, 64))).decode()
    not_understood = 200
    kind = "merge_request"
    kind_of_run = "pipeline"
    proving = "webhook-signature"

    def proof(self, body: bytes, *, secret: str = "", delivery: str = "guid-1") -> dict[str, str]:
        key = base64.b64decode((secret or self.secret).removeprefix("whsec_"))
        return signed(body, key=key, name=delivery, at=int(NOW.timestamp()))

    def weaker_proofs(self, body: bytes) -> Iterator[Headers]:
        proof = self.proof(body)
        yield {"X-Gitlab-Token": self.secret}
        yield {**proof, self.proving: proof[self.proving].replace("v1,", "v1a,")}
        yield {**proof, self.proving: proof[self.proving].removeprefix("v1,")}

    def named(self, kind: str) -> Headers:
        return {"X-Gitlab-Event": kind}

    def opened(self, number: int = 7, *, repository: str = REGISTRY) -> dict[str, object]:
        return {
            "object_kind": "merge_request",
            "project": {"path_with_namespace": repository},
            "object_attributes": {"iid": number, "action": "open"},
        }

    def run_ended(self, *, repository: str) -> dict[str, object]:
        run = {"id": 31, "name": "deploy-7-0123456789abcdef"}
        return {"object_kind": "pipeline", "project": {"path_with_namespace": repository}, "object_attributes": run}


SENDERS: Mapping[str, type[Sender]] = {"github": GitHub, "gitlab": GitLab}


class Sent:
    """Webhooks of a forge on their way to a bot."""

    def __init__(self, sender: Sender, bot: Listening) -> None:
        self.sender = sender
        self.bot = bot

    def deliver(self, payload: object, *, secret: str = "", delivery: str = "guid-1", kind: str = "") -> httpx.Response:
        """With everything that belongs to it."""
        body = json.dumps(payload).encode()
        return self.post(body, self.sender.proof(body, secret=secret, delivery=delivery), kind=kind)

    def post(self, body: bytes | Iterator[bytes], proof: Headers, *, kind: str = "") -> httpx.Response:
        """With this proof and no other."""
        return self.bot.post(self.sender.path, body, {**self.sender.named(kind or self.sender.kind), **proof})
