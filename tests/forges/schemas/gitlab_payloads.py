"""Knows how `gitlab-payloads.json.gz` is made: every webhook of GitLab that go-gitlab tests with, nothing altered.

Get Debian's package, unpack it, then give the unpacked folder:

    apt-get download golang-github-xanzy-go-gitlab-dev=0.73.1-2
    dpkg-deb --extract golang-github-xanzy-go-gitlab-dev_0.73.1-2_all.deb go-gitlab
    python tests/forges/schemas/gitlab_payloads.py go-gitlab
"""

import gzip
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
WEBHOOKS = "usr/share/gocode/src/github.com/xanzy/go-gitlab/testdata/webhooks"


def main(arguments: list[str]) -> int:
    """Make the file anew, the same bytes every time."""
    if len(arguments) != 1:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    files = sorted((Path(arguments[0]) / WEBHOOKS).glob("*.json"))
    payloads = {file.stem: json.loads(file.read_bytes()) for file in files}
    text = json.dumps(payloads, separators=(",", ":"), ensure_ascii=False).encode()
    (HERE / "gitlab-payloads.json.gz").write_bytes(gzip.compress(text, compresslevel=9, mtime=0))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
