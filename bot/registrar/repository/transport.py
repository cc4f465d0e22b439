"""Knows how git speaks to one remote: which protocols, whose credentials, and what its refusals mean."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from registrar.addresses import is_at
from registrar.errors import ForgeUnavailable, NotAllowed, PushRejected, RegistrarError, Unknown
from registrar.repository.processes import Credentials, GitFailed, redacted

_SAFE_PROTOCOLS = "http:https:ssh"
_NO_RIGHTS = re.compile(
    r"Authentication failed|could not read (Username|Password)|returned error: 40[13]|Permission denied"
    r"|Host key verification failed|[Ww]rite access .* not granted|Invalid username or|terminal prompts disabled",
)
_NOT_FOUND = re.compile(
    r"returned error: 404|[Rr]epository .*not found|does not appear to be a git repository|No such file or directory",
)
_NO_REF = re.compile(r"couldn't find remote ref (\S+)|no such ref:? (\S+)")
_TRANSIENT = re.compile(
    r"Could not resolve|Failed to connect|Couldn't connect|Connection (refused|reset|timed out|closed)|timed out"
    r"|Network is unreachable|No route to host|returned error: (429|5\d\d)|Empty reply|early EOF|RPC failed|hung up"
    r"|unexpected disconnect|SSL_ERROR_SYSCALL|(SSL|TLS) connect|handshake|transfer closed|too slow|Broken pipe"
    r"|Temporary failure",
    re.IGNORECASE,
)
_MOVED = re.compile(
    r"stale info|non-fast-forward|fetch first|failed to (update ref|lock)|cannot lock ref|already exists"
)
_ADDRESS = re.compile(r"'\w[\w+.-]*://[^']*'")
_REDIRECTED = re.compile(r"unable to update url base from redirection|returned error: 30\d|redirect", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Transport:
    """One remote by its address, and who we are to it."""

    url: str
    push_url: str
    credentials: Credentials | None

    @property
    def shown_url(self) -> str:
        """The address as a message may hold it."""
        return redacted(self.url)

    def settings(self) -> dict[str, str]:
        """Git's settings for one conversation: the token is sent to exactly these addresses, never after a redirect."""
        if self.credentials is None or not self._told:
            return {}
        header = self.credentials.header()
        urls = [_without_userinfo(url) for url in self._told]
        # Git adds these headers up. An empty one first forgets those that the checkout has configured (some CI jobs
        # leave a token there), else both would be sent. Keys differ in case alone, which means nothing to git.
        forgotten = {f"http.{url}.extraheader": "" for url in urls}
        scoped = {f"http.{url}.extraHeader": header for url in urls}
        return {**forgotten, **scoped, "credential.helper": "", "http.followRedirects": "false"}

    @property
    def _told(self) -> tuple[str, ...]:
        """The addresses at which the token is at home; whoever else is called the remote is not told it."""
        homes = self.credentials.homes if self.credentials is not None else ()
        return tuple(url for url in (self.url, self.push_url) if any(is_at(url, home) for home in homes))

    @property
    def _is_elsewhere(self) -> bool:
        return self.credentials is not None and _is_http(self.url) and not self._told

    def environment(self) -> dict[str, str]:
        """No protocol that runs a command, and local files only for a remote that is one."""
        local = any(_is_local(url) for url in (self.url, self.push_url))
        return {"GIT_ALLOW_PROTOCOL": _SAFE_PROTOCOLS + (":file" if local else "")}

    def explained(self, failure: GitFailed) -> RegistrarError:
        """The failure in our words: who must do what, or whether trying again is right."""
        reason = self._redacted(failure.reason)
        complaint = _ADDRESS.sub("", self._redacted(failure.complaint))  # it may be called anything, also "timed out"
        if missing := _NO_REF.search(complaint):
            return Unknown(f"{self.shown_url} has no {missing[1] or missing[2]}; was it deleted or renamed?")
        if _NO_RIGHTS.search(complaint):
            return NotAllowed(f"{self.shown_url} refuses access; {self._mend()}")
        if _NOT_FOUND.search(complaint):
            mend = self._mend() if self._is_elsewhere else "check the address and the rights"
            return Unknown(f"{self.shown_url} is no repository, or one you may not see; {mend}")
        if _TRANSIENT.search(complaint):
            return ForgeUnavailable(f"{self.shown_url} cannot be reached ({reason}); try again in a while")
        if self._told and _REDIRECTED.search(complaint):
            return NotAllowed(f"{self.shown_url} redirects, and a token is not sent elsewhere; use the new address")
        return RegistrarError(f"git cannot work with {self.shown_url}: {reason}")

    def refused_push(self, failure: GitFailed, branch: str) -> RegistrarError:
        """Why the remote did not take a branch, from `git push --porcelain`."""
        lines = self._redacted(redacted(failure.output.decode("utf-8", "replace"))).splitlines()
        refusal = next((line.split("\t")[-1] for line in lines if line.startswith("!\t")), None)
        if refusal is None:
            return self.explained(failure)
        if _MOVED.search(refusal):
            return PushRejected(
                f"branch {branch} of {self.shown_url} has moved meanwhile; fetch, look again, push again"
            )
        return NotAllowed(f"{self.shown_url} does not take branch {branch}: {refusal}; see how the branch is protected")

    def _redacted(self, text: str) -> str:
        return self.credentials.redacted(text) if self.credentials is not None else text

    def _mend(self) -> str:
        if self.credentials is None:
            return "sign in with git's credential helper or an SSH key, or see whether you may read and write it"
        if self._is_elsewhere:
            homes = " and ".join(self.credentials.homes)
            return f"the token is told to {homes} alone; if this is the forge that it is of, set REGISTRAR_FORGE_URL"
        return "see whether the token is still valid and may read and write the repository's contents"


def _is_http(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def _without_userinfo(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _is_local(url: str) -> bool:
    return url.startswith("file://") or not re.match(r"\w[\w+.-]*://|[^/]+:", url)
