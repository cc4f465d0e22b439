"""A GitLab that shares its host stands at a path of it, and a signing token proves what it tells: nothing is lost."""

import base64

from parity import only_on
from stories.conftest import Found
from stories.registries import a_registry
from stories.test_commands import asked

SIGNING_TOKEN = f"whsec_{base64.b64encode(bytes(range(32))).decode()}"


@only_on("gitlab", because="GitHub Enterprise Server has a host of its own, and signs with the webhook's one secret.")
def test_the_whole_job_is_done_below_a_path_by_signed_webhooks(found: Found) -> None:
    files = a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n")
    town = found(files, path="/tools/gitlab", secret=SIGNING_TOKEN)
    number = asked(town)
    town.approve(number, by="ana")

    town.merge(number)

    assert [title.rpartition(": ")[2] for title in town.runs()] == ["success"]
    assert "✅ **Merged and deployed**" in town.verdict(number)
    assert f"{town.sandbox.url}/acme/app/-/pipelines/" in town.verdict(number)
    assert town.sandbox.url.endswith("/tools/gitlab")
