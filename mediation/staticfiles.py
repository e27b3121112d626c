"""Where static files are found and how they are named: hashed, compressed, and without viewflow's 49 MB."""

from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder
from whitenoise.storage import CompressedManifestStaticFilesStorage

_NOT_SERVED = frozenset({"viewflow", "viewflow.workflow"})


class AppFinder(AppDirectoriesFinder):
    """Every app's static folder except viewflow's: its screens are not used and nothing of them is served."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(app_names, *args, **kwargs)
        self.apps = [name for name in self.apps if name not in _NOT_SERVED]
        self.storages = {name: storage for name, storage in self.storages.items() if name in self.apps}


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """Hashed names; a reference inside a third-party stylesheet to a file that does not exist stays as it is.

    Strictness would turn one dead ``url()`` in somebody else's CSS, or a page opened before ``collectstatic`` was
    run, into a server error.
    """

    manifest_strict = False

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:
            return name
