"""Static files: without viewflow's, and forgiving towards other people's stylesheets."""

from pathlib import Path

from django.contrib.staticfiles.finders import get_finders
from django.core.files.base import ContentFile

from mediation.staticfiles import ManifestStorage


def test_nothing_of_viewflow_is_served() -> None:
    paths = [path for finder in get_finders() for path, _ in finder.list([])]
    assert any(path.startswith("admin/") for path in paths)
    assert not any(path.startswith("viewflow/") for path in paths)


def test_a_dead_reference_in_a_stylesheet_does_not_stop_the_collection(tmp_path: Path, settings) -> None:
    settings.STATIC_ROOT = tmp_path
    storage = ManifestStorage(location=str(tmp_path), base_url="/static/")
    storage.save("a.css", ContentFile(b"a { background: url('absent.svg'); } b { background: url('b.svg'); }"))
    storage.save("b.svg", ContentFile(b"<svg/>"))
    results = list(storage.post_process({name: (storage, name) for name in ("a.css", "b.svg")}))
    assert not [result for result in results if isinstance(result[2], Exception)]
    written = (tmp_path / storage.stored_name("a.css")).read_text(encoding="utf-8")
    assert "absent.svg" in written
    assert "b.svg" not in written.replace(storage.stored_name("b.svg"), "")
