"""The settings of the tests (invented keys, a database named by ``DATABASE_URL``) with the opponents installed."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.opponents"]  # viewflow stores a flow under the name of its app
