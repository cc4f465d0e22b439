import pytest

from stories.landing import merged_as
from stories.test_commands import asked
from stories.test_proof_content import other_weights
from stories.town import Town


@pytest.mark.fault(63)
def test_a_merge_that_altered_what_nobody_proposed_is_not_deployed(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")

    merged_as(town, number, other_weights("1.1.0"))

    assert town.runs() == []
