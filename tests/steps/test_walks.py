"""Every state of intake and review is reached through the door."""

import pytest

from tests.factories import WALKS, case_at


@pytest.mark.parametrize("state", ["registered", *WALKS])
def test_a_case_walks_to_the_state_through_the_door(state: str) -> None:
    assert case_at(state).state == state
