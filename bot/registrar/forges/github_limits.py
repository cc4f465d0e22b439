"""GitHub's numbers, each with where it is written down."""

from datetime import timedelta

API_VERSION = (
    "2022-11-28"  # https://docs.github.com/rest/about-the-rest-api/api-versions; GitHub Enterprise Server has it too
)

PAGE = 100  # https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api

COMMITS_LISTED = 250  # https://docs.github.com/rest/pulls/pulls#list-commits-on-a-pull-request

COMMENT = 62_000  # "body is too long (maximum is 65536 characters)", less five per cent: the unit is not told
TITLE = 256  # "title is too long (maximum is 256 characters)"
STATUS_DESCRIPTION = 140  # "description is too long (maximum is 140 characters)"

TIMEOUT = 15  # seconds without a byte; GitHub itself ends a request after 10
# https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts

# https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
LIMITED_WITHOUT_WORD = timedelta(minutes=1)  # "wait for at least one minute before retrying"

CLOCKS_APART = timedelta(minutes=5)  # ours may be ahead of GitHub's when runs are looked for by their time
