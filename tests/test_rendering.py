"""What the bot says, read whole: one test for each template."""

from dataclasses import replace

import pytest
from cmarkgfm import github_flavored_markdown_to_html as as_seen

from registrar import rendering
from registrar.core.approval_facts import Approvers
from registrar.core.approvals import approval  # noqa: F401
