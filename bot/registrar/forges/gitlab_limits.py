"""GitLab's numbers, each with where it is written down."""

from datetime import timedelta

PAGE = 100  # https://docs.gitlab.com/api/rest/#offset-based-pagination

COMMENT = 950_000  # https://docs.gitlab.com/administration/instance_limits/#size-of-comments-and-descriptions-of-issues-merge-requests-and-epics
# it says 1,000,000 characters; less five per cent: the unit is not told

TITLE = 255  # "title is too long (maximum is 255 characters)"
STATUS = 255  # of the description and of the address alike: "is too long (maximum is 255 characters)"

TIMEOUT = 30  # seconds without a byte; GitLab itself ends a request after 60
# https://docs.gitlab.com/administration/operations/puma/#change-the-worker-timeout

# https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers
LIMITED_WITHOUT_WORD = timedelta(minutes=1)  # the limits of gitlab.com are counted by the minute

CLOCKS_APART = timedelta(minutes=5)  # ours may be ahead of GitLab's when pipelines are looked for by their time
