"""What GitLab sends to webhooks: which event, with which payload, under which headers."""

from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.ci.webhooks import describe_pipelines
from registrar.sandbox.happenings import Happening, Message, PipelineHappening
from registrar.sandbox.hooks import Webhook


def headers(forge: Forge, webhook: Webhook, message: Message, guid: str) -> dict[str, str]:
    """What goes above the body."""
    return {
        "Content-Type": "application/json",
        "Idempotency-Key": guid,
        "X-Gitlab-Event": message.event,
        "X-Gitlab-Instance": forge.url,
        **({"X-Gitlab-Token": webhook.secret} if webhook.secret else {}),
    }


def describe(forge: Forge, happening: Happening) -> Message | None:
    """A happening as GitLab tells it; None where it tells nobody."""
    return describe_pipelines(forge, happening) if isinstance(happening, PipelineHappening) else None
