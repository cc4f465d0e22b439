"""What the address of a git remote says about the forge behind it."""

import pytest

from registrar.addresses import Origin, forge_at, is_at, origin_of


@pytest.mark.parametrize(
    ("address", "forge_url", "repository"),
    [
        pytest.param("https://github.com/acme/registry.git", "https://github.com", "acme/registry", id="GitHub"),
        pytest.param("https://gitlab.com/acme/ml/r.git", "https://gitlab.com", "acme/ml/r", id="GitLab"),
        pytest.param("https://git.acme.org/ml/registry", "https://git.acme.org", "ml/registry", id="own server"),
        pytest.param("https://git.acme.org:8443/ml/r.git", "https://git.acme.org:8443", "ml/r", id="own port"),
        pytest.param("http://localhost:8000/acme/r.git", "http://localhost:8000", "acme/r", id="sandbox"),
        pytest.param("https://u:p@git.acme.org/ml/r.git", "https://git.acme.org", "ml/r", id="with a password"),
        pytest.param("https://github.com/acme/.registry", "https://github.com", "acme/.registry", id="a dot in front"),
    ],
)
def test_the_address_of_origin_says_which_forge_it_is(address: str, forge_url: str, repository: str) -> None:
    assert origin_of(address) == Origin(forge_url, repository)


@pytest.mark.parametrize(
    ("address", "forge_url", "repository"),
    [
        pytest.param("git@github.com:acme/registry.git", "https://github.com", "acme/registry", id="GitHub"),
        pytest.param("ssh://git@ssh.github.com:443/acme/r.git", "https://github.com", "acme/r", id="GitHub by 443"),
        pytest.param("git@gitlab.com:acme/ml/r.git", "https://gitlab.com", "acme/ml/r", id="GitLab"),
        pytest.param("ssh://git@altssh.gitlab.com:443/acme/r.git", "https://gitlab.com", "acme/r", id="GitLab by 443"),
        pytest.param("ssh://git@git.acme.org:2222/ml/r.git", "https://git.acme.org", "ml/r", id="own server"),
    ],
)
def test_by_ssh_it_says_so_too(address: str, forge_url: str, repository: str) -> None:
    assert origin_of(address) == Origin(forge_url, repository, by_ssh=True)


@pytest.mark.parametrize(
    "address",
    [
        "/srv/git/registry.git",
        "../registry",
        "file:///srv/r.git",
        "https://host/only",
        "https://host/../etc",
        "https://host:99999/acme/r.git",
        "https://[::1/acme/r.git",
    ],
)
def test_what_names_no_repository_on_a_forge_says_nothing(address: str) -> None:
    assert origin_of(address) is None


@pytest.mark.parametrize(
    ("origin", "repository"),
    [
        pytest.param("https://host/gitlab/acme/ml/r.git", "acme/ml/r", id="below the folder"),
        pytest.param("https://HOST/gitlab/acme/r.git", "acme/r", id="a host in upper case"),
        pytest.param("git@host:acme/ml/r.git", "acme/ml/r", id="by ssh"),
        pytest.param("git@host:gitlab/ml/r.git", "gitlab/ml/r", id="by ssh, a group called like the folder"),
        pytest.param("https://host/gitlabs/acme/r.git", "gitlabs/acme/r", id="a group called a little like the folder"),
        pytest.param("https://mirror/gitlab/acme/r.git", "gitlab/acme/r", id="another host"),
    ],
)
def test_below_a_folder_the_repository_is_what_follows_the_forge(origin: str, repository: str) -> None:
    found = origin_of(origin)

    assert found is not None
    assert found.repository_at("https://host/gitlab") == repository


def test_without_a_folder_the_whole_path_is_the_repository() -> None:
    assert Origin("https://host", "acme/ml/r").repository_at("https://host") == "acme/ml/r"


@pytest.mark.parametrize(
    ("url", "forge"),
    [
        pytest.param("https://github.com", "github", id="GitHub"),
        pytest.param("https://gitlab.com", "gitlab", id="GitLab"),
        pytest.param("https://GitLab.acme.org:8443/here", "gitlab", id="a host called so"),
        pytest.param("https://mygitlab.acme.org", "github", id="a host called a little so"),
        pytest.param("https://git.gitlab.org", "github", id="a domain called so"),
        pytest.param("", "github", id="nothing"),
        pytest.param("http://[::1", "github", id="no address"),
    ],
)
def test_the_name_of_a_host_says_which_kind_of_forge_it_is(url: str, forge: str) -> None:
    assert forge_at(url) == forge


@pytest.mark.parametrize(
    ("url", "found"),
    [
        pytest.param("https://git.acme.org/ml/r.git", True, id="the same"),
        pytest.param("https://GIT.acme.org:443/ml/r.git", True, id="its port, said"),
        pytest.param("http://git.acme.org/ml/r.git", False, id="in the clear"),
        pytest.param("https://git.acme.org:8443/ml/r.git", False, id="another port"),
        pytest.param("https://git.acme.org.stranger.org/ml/r.git", False, id="a host that begins so"),
        pytest.param("https://git.acme.org@stranger.org/ml/r.git", False, id="a user called so"),
        pytest.param("ssh://git@git.acme.org/ml/r.git", False, id="by ssh"),
        pytest.param("/srv/git/r.git", False, id="a folder"),
        pytest.param("https://git.acme.org:port/ml/r.git", False, id="no port"),
    ],
)
def test_a_server_is_known_by_protocol_host_and_port(url: str, *, found: bool) -> None:
    assert is_at(url, "https://git.acme.org/gitlab") == found
