"""The scenes that races, fuzz and walks begin with: each step of the table can be taken in its own."""

import pytest

from tests.prove.scenes import scene
from workflow.lifecycle import STEPS


@pytest.mark.parametrize("step", STEPS)
def test_the_step_is_possible_in_its_scene(db: None, step: str) -> None:
    set_up = scene(step)

    done = set_up.play()

    assert done.case.version == set_up.version + 1
    assert done.step.name == step
