"""The icon sprite is cut from exactly the names that the list gives."""

import importlib.util
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parent.parent
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def assets() -> ModuleType:
    spec = importlib.util.spec_from_file_location("assets", ROOT / "scripts" / "assets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def drawings(tmp_path: Path) -> Path:
    for name in ("bell", "lock"):
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" class="bi" viewBox="0 0 16 16">\n  <path d="{name}"/>\n</svg>'
        (tmp_path / f"{name}.svg").write_text(svg, encoding="utf-8")
    return tmp_path


def test_each_named_icon_is_a_symbol_under_its_name(assets: ModuleType, drawings: Path) -> None:
    symbols = ElementTree.fromstring(assets.sprite(["bell", "lock"], drawings)).findall(f"{SVG}symbol")
    assert {symbol.get("id"): symbol[0].get("d") for symbol in symbols} == {"bell": "bell", "lock": "lock"}
    assert {symbol.get("viewBox") for symbol in symbols} == {"0 0 16 16"}


def test_a_name_that_is_no_icon_ends_the_run_and_is_named(assets: ModuleType, drawings: Path) -> None:
    with pytest.raises(SystemExit, match="no-such-icon"):
        assets.sprite(["bell", "no-such-icon"], drawings)


def test_comments_and_blank_lines_are_no_icons(assets: ModuleType, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "icons.txt").write_text("# names\n\nlock  # a padlock\nbell\nlock\n", encoding="utf-8")
    monkeypatch.setattr(assets, "ICON_LIST", tmp_path / "icons.txt")
    assert assets.icon_names() == ["bell", "lock"]
