"""Knows what a registry elsewhere may say of a DVC remote, so that no secret of this machine goes where it chose.

Each setting of DVC's is one of these; one that is none is refused. Refused is what names a command or a file of this
machine, or an endpoint for requests whose authorization works elsewhere too. S3 signs for one host, so it may name one.
What a registry says of a remote that this machine's own settings know as well must be what they say.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

_COMMAND, _FILE, _ENDPOINT = "a command to be run", "a file of this machine", "an endpoint, which would get a token"
_REFUSED = {
    "bearer_token_command": _COMMAND,
    "configpath": _FILE,  # AWS runs what its credential_process says
    "credentialpath": _FILE,  # so here, and what an external account of Google says
    "gdrive_service_account_json_file_path": _FILE,
    "gdrive_user_credentials_file": _FILE,  # which is written, too
    "kerb_ticket": _FILE,
    "keyfile": _FILE,
    "cert_path": _FILE,
    "key_path": _FILE,
    "oss_endpoint": _ENDPOINT,  # what is signed for OSS names no host
}
_PLACE = frozenset(  # where requests go, and how safely
    {
        "account_name",
        "connection_string",
        "data_proxy_target",
        "endpointurl",
        "port",
        "proxy_to",
        "ssl_verify",
        "url",
        "use_https",
        "use_ssl",
    }
)
_IDENTITY = frozenset(  # theirs, for all to read, or a name of ours: sent to the place alone
    {
        "access_key_id",
        "account_key",
        "allow_agent",
        "allow_anonymous_login",
        "ask_passphrase",
        "ask_password",
        "auth",
        "client_id",
        "client_secret",
        "custom_auth_header",
        "exclude_environment_credential",
        "exclude_managed_identity_credential",
        "exclude_shared_token_cache_credential",
        "exclude_visual_studio_code_credential",
        "gdrive_client_id",
        "gdrive_client_secret",
        "gdrive_service_account_user_email",
        "gdrive_use_service_account",
        "gss_auth",
        "kerberos",
        "kerberos_principal",
        "oss_key_id",
        "oss_key_secret",
        "passphrase",
        "password",
        "profile",
        "projectname",
        "sas_token",
        "secret_access_key",
        "session_token",
        "tenant_id",
        "token",
        "user",
    }
)
_MANNER = frozenset(  # how much at once, how patiently, and what is only written
    {
        "acl",
        "cache_regions",
        "checksum_jobs",
        "connect_timeout",
        "connection_timeout",
        "gdrive_acknowledge_abuse",
        "gdrive_trash_only",
        "grant_full_control",
        "grant_read",
        "grant_read_acp",
        "grant_write_acp",
        "jobs",
        "listobjects",
        "max_sessions",
        "method",
        "no_traverse",
        "protected",
        "read_timeout",
        "region",
        "replication",
        "shared",
        "slow_link_warning",
        "sse",
        "sse_customer_algorithm",
        "sse_customer_key",
        "sse_kms_key_id",
        "timeout",
        "type",
        "verify",
        "version_aware",
        "worktree",
    }
)
_KNOWN = _PLACE | _IDENTITY | _MANNER | _REFUSED.keys()
_SCHEMES = frozenset(
    {"", "azure", "gdrive", "gs", "hdfs", "http", "https", "oss", "remote", "s3", "ssh", "webdav", "webdavs", "webhdfs"}
)
_AZURE_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")  # it becomes the beginning of a host
_HOST = re.compile(r"(?!-)[\w.:-]*")  # a command of one's own SSH settings may get it
_NAMES_OF_FILES = ("gdrive_client_id", "profile")

Settings = Mapping[str, Any]


def refusals(name: str, theirs: Mapping[str, Settings], ours: Mapping[str, Settings]) -> Iterator[str]:
    """What their settings of a remote name that whoever writes the registry does not choose; ours: this machine's."""
    said, known = theirs[name], ours.get(name)
    yield from (what for setting, what in _REFUSED.items() if setting in said)
    yield from (f"{setting}, of which nobody here knows what it does" for setting in sorted(said.keys() - _KNOWN))
    yield from _places(said)
    reference = urlsplit(str(said.get("url")))
    if reference.scheme == "remote" and reference.netloc in ours:
        yield "another remote of this machine's own settings"
    differing = sorted(each for each in _PLACE & said.keys() if known is not None and known.get(each) != said[each])
    if differing:
        what = "address" if "url" in differing else differing[0]
        yield f"another {what} than this machine's own settings, whose secrets it would get"


def _places(said: Settings) -> Iterator[str]:
    url = urlsplit(str(said.get("url")))
    if url.scheme not in _SCHEMES:
        yield "a kind of place that is none of a registry's"
    elif not _HOST.fullmatch(url.hostname or ""):
        yield "a host that is none"
    if "endpointurl" in said and url.scheme != "s3":
        yield _ENDPOINT
    if "account_name" in said and not _AZURE_ACCOUNT.fullmatch(str(said["account_name"])):
        yield "an account of Azure that is none, and might be a host"
    is_certificate = str(said.get("ssl_verify", "true")).lower() not in {"true", "false"}
    if is_certificate or any("/" in str(said.get(each)) for each in _NAMES_OF_FILES):
        yield _FILE
