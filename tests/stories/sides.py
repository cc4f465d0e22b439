"""Which forges the stories are told on."""

from collections.abc import Mapping

from stories.github_side import GitHubSide
from stories.gitlab_side import GitLabSide
from stories.side import Side

SIDES: Mapping[str, type[Side]] = {"github": GitHubSide, "gitlab": GitLabSide}
