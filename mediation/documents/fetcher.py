"""What a paper may load while it is laid out: the project's own named assets, and nothing else.

A document is rendered from text that citizens wrote. WeasyPrint's own fetcher would read local files and call any
host that such a text names; ours answers only to the names in its list and stops the rendering for every other URL,
so that an attempt is loud and never half-succeeds.
"""

from collections.abc import Mapping
from pathlib import Path

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

MEDIA_TYPES = {".css": "text/css", ".png": "image/png"}


class AssetFetcher(URLFetcher):
    """Serves `asset:<name>` from a fixed list of files; any other URL ends the rendering."""

    def __init__(self, assets: Mapping[str, Path]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._assets = {f"asset:{name}": path for name, path in assets.items()}
        self.has_refused = False

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The bytes of a named asset. Raises FatalURLFetchingError, without repeating the URL, for anything else.

        WeasyPrint's SVG code swallows even that, so the refusal is also remembered for whoever prints.
        """
        path = self._assets.get(url)
        if path is None:
            self.has_refused = True
            raise FatalURLFetchingError("a paper asked for something that is not an asset of the project")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": MEDIA_TYPES[path.suffix]})
