"""Every paper of the catalogue, rendered once a session."""

import pytest

from mediation.documents import rendering
from mediation.documents.rendering import Rendered
from tests.documents import samples


@pytest.fixture(scope="session")
def papers() -> dict[str, Rendered]:
    """Key of the catalogue → the rendered sample."""
    return {
        key: rendering.render(key, context, made_at=samples.MADE_AT, uid=samples.UID)
        for key, context in samples.every_context().items()
    }
