"""Where a server of MLflow says that weights lie steers neither a file of this machine nor what signs in there."""

import pytest

from registrar.errors import NotAllowed
from registrar.migration.mlflow_places import place_of, refuse_steered

SERVER = "https://mlflow.example.org/ml"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        pytest.param("/home/mei/.ssh", "a folder of this machine", id="a path"),
        pytest.param("file:///home/mei/.ssh", "a folder of this machine", id="the address of a file"),
        pytest.param("https://eve.example.org/x", "lie at eve.example.org, which would get", id="another server"),
        pytest.param("http://mlflow.example.org/x", "which would get", id="the same, unencrypted"),
        pytest.param("mlflow-artifacts://eve.example.org:443/x", "lie at eve.example.org, which", id="by its scheme"),
        pytest.param("abfss://x@acme.eve.example.org/x", "is no host of Azure's", id="a host as Azure's"),
    ],
)
def test_what_is_not_the_servers_to_say_is_refused(place: str, said: str) -> None:
    with pytest.raises(NotAllowed, match=said):
        refuse_steered(place, SERVER, has_secrets=True)


@pytest.mark.parametrize(
    ("place", "server", "has_secrets"),
    [
        pytest.param("mlflow-artifacts:/1/x", SERVER, True, id="with the server"),
        pytest.param("mlflow-artifacts://mlflow.example.org/1/x", SERVER, True, id="with the server by its name"),
        pytest.param("https://mlflow.example.org:443/x", SERVER, True, id="elsewhere on the server"),
        pytest.param("https://artifacts.example.org/x", SERVER, False, id="another server, which nobody signs in at"),
        pytest.param("s3://bucket/x", SERVER, True, id="a bucket"),
        pytest.param("abfss://x@acme.dfs.core.windows.net/x", SERVER, True, id="a lake"),
        pytest.param("/srv/mlruns/1", "http://127.0.0.1:5000", True, id="a folder, of a server on this machine"),
    ],
)
def test_weights_may_lie_wherever_that_steers_nothing(place: str, server: str, has_secrets: bool) -> None:  # noqa: FBT001 - a table
    refuse_steered(place, server, has_secrets=has_secrets)


def test_a_store_of_ones_own_may_say_what_it_likes() -> None:
    assert place_of("/srv/mlruns/1", "sqlite:///mlflow.db") == "/srv/mlruns/1"
