"""An address of a database is understood or refused, and its password is never shown."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from registrar.database.connecting import connected, now_of, parsed, refuse_unreachable
from registrar.errors import RegistrarError, UsageError

PASSWORD = "s3cret-of-mei"
NOBODY = f"postgresql://registrar:{PASSWORD}@127.0.0.1:1/registrar"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_name_of_postgresql_leads_to_the_driver_that_is_there(scheme: str) -> None:
    assert parsed(f"{scheme}://registrar@db/registrar").drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "url", ["", "db", f"mysql://registrar:{PASSWORD}@db/registrar", f"postgresql://registrar:{PASSWORD}@db:port/name"]
)
def test_an_address_that_is_none_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        parsed(url)

    assert "postgresql://USER:PASSWORD@HOST/NAME" in str(refused.value)
    assert PASSWORD not in f"{refused.value!r} {refused.value.__cause__!r}"


@pytest.mark.fault(85, because="The database's password is told to no forge.")
def test_a_database_out_of_reach_is_named_without_its_password() -> None:
    engine = connected(NOBODY)

    with pytest.raises(RegistrarError, match=r"registrar:\*\*\*@127.0.0.1:1/registrar cannot be reached") as refused:
        refuse_unreachable(engine)
    with pytest.raises(SQLAlchemyError) as failed:
        engine.connect()

    assert not isinstance(refused.value, UsageError)  # which no new start would mend
    assert PASSWORD not in f"{refused.value!r} {failed.value!r} {failed.value} {engine!r} {engine.url!r}"


def test_an_error_of_the_database_shows_nothing_of_the_rows(database: sa.Engine) -> None:
    with database.connect() as connection, pytest.raises(SQLAlchemyError) as failed:
        connection.execute(sa.text("SELECT * FROM nowhere WHERE event = :event"), {"event": "what mei wrote"})

    assert "what mei wrote" not in str(failed.value)


def test_the_databases_clock_is_read_to_the_fraction_of_a_second(database: sa.Engine) -> None:
    with database.connect() as connection:
        first, second = (connection.execute(sa.select(now_of(database))).scalar_one() for _ in range(2))

    assert 1_700_000_000 < first <= second < first + 60
