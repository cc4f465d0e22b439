"""How the sandbox forge tells webhooks: one after the other, signed, once, and on record."""

import hashlib
import hmac
import http.client
import queue
import threading
import time
import urllib.parse
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from registrar.sandbox.carrier import Carrier
from registrar.sandbox.happenings import Message
from registrar.sandbox.hooks import Delivery, Webhook
from registrar.sandbox.store import Store, now

PATIENCE = 10.0  # seconds; GitHub's own, and GitLab's

Headers = Callable[[Webhook, Message, str], dict[str, str]]  # for the message and its GUID, at the time of sending


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is told to whom."""

    webhook: Webhook
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class _Answer:
    status_code: int
    headers: dict[str, str]
    body: str


class Deliveries:
    """A worker that sends in the order of happening. Nothing is ever sent again unless someone asks."""

    def __init__(self, store: Store, headers: Headers) -> None:
        self._store = store
        self._headers = headers
        self._queue: queue.Queue[Parcel | None] = queue.Queue()
        self.carrier: Carrier[Parcel] = Carrier(self._queue.put)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="sandbox deliveries", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being sent; what is still queued is lost, as it is when a forge goes down."""
        self._stopping.set()
        self._queue.put(None)
        self._thread.join()

    @property
    def idle(self) -> bool:
        """Whether everything was sent and answered."""
        return self._queue.unfinished_tasks == 0

    def rest(self, timeout: float) -> None:
        """Wait until everything was sent and answered, or for so many seconds."""
        with self._queue.all_tasks_done:
            self._queue.all_tasks_done.wait_for(lambda: self.idle, timeout)

    def send(self, webhook: Webhook, message: Message) -> None:
        """Queue a message for a webhook."""
        self._put(webhook, self._delivery(webhook, message))

    def send_now(self, webhook: Webhook, message: Message) -> Delivery:
        """Send a message past whatever is queued, and wait for the answer: a test."""
        return self._sent(Parcel(webhook, self._delivery(webhook, message)))

    def _delivery(self, webhook: Webhook, message: Message) -> Delivery:
        guid = str(uuid.uuid4())
        return Delivery(
            id=self._store.new_id("delivery"),
            guid=guid,
            event=message.event,
            action=message.action,
            request_headers=self._headers(webhook, message, guid),
            body=message.body,
            status_code=0,
            response_headers={},
            response_body="",
            duration=0.0,
            delivered_at=now(),
        )

    def send_again(self, webhook: Webhook, delivery: Delivery) -> None:
        """Queue the same message under the same GUID, signed anew, as a delivery of its own."""
        message = Message(delivery.event, delivery.action, delivery.body)
        again = replace(
            delivery,
            id=self._store.new_id("delivery"),
            request_headers=self._headers(webhook, message, delivery.guid),
            is_redelivery=True,
        )
        self._put(webhook, again)

    def _put(self, webhook: Webhook, delivery: Delivery) -> None:
        self.carrier.carry(Parcel(webhook, delivery))

    def _work(self) -> None:
        while (parcel := self._queue.get()) is not None and not self._stopping.is_set():
            self._sent(parcel)
            self._queue.task_done()
        self._queue.task_done()

    def _sent(self, parcel: Parcel) -> Delivery:
        began, at = time.monotonic(), now()
        answer = _post(parcel.webhook.url, parcel.delivery)
        sent = replace(
            parcel.delivery,
            status_code=answer.status_code,
            response_headers=answer.headers,
            response_body=answer.body,
            duration=round(time.monotonic() - began, 3),
            delivered_at=at,
        )
        with self._store.lock:
            parcel.webhook.deliveries.append(sent)
        return sent


def signature(secret: str, body: bytes) -> str:
    """What a webhook is signed with: HMAC-SHA256 over the body, in hex."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _post(url: str, delivery: Delivery) -> _Answer:
    """The answer; status 0 and the reason when there was none. Redirects are not followed."""
    address = urllib.parse.urlsplit(url)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    path = urllib.parse.urlunsplit(("", "", address.path or "/", address.query, ""))
    try:
        connection = kind(address.netloc, timeout=PATIENCE)
        try:
            connection.request("POST", path, body=delivery.body, headers=delivery.request_headers)
            response = connection.getresponse()
            body = response.read(65_536).decode(errors="replace")
            return _Answer(response.status, dict(response.getheaders()), body)
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException) as error:  # ValueError: an address that is none
        return _Answer(0, {}, f"{type(error).__name__}: {error}")
