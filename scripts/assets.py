"""Fetch the front-end files through npm and put what is served into ``static/vendor/``.

``static/icons.txt`` names the icons, one a line; they are cut from bootstrap-icons into one sprite, ``icons.svg``, and
drawn with ``<use href="…/icons.svg#name">``. Nothing of this is committed, and a second run does nothing.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
ICON_LIST = ROOT / "static" / "icons.txt"
STAMP = VENDOR / ".made-of"
BOOTSTRAP = "css/bootstrap.min.css"  # its script is not used: menus are <details>, dialogs are <dialog>
_SOURCE_MAP = re.compile(rb"\n?(/\*|//)# sourceMappingURL=.*?(\*/)?\s*$")
_SVG = re.compile(r'<svg[^>]*viewBox="(?P<box>[^"]+)"[^>]*>(?P<shapes>.*)</svg>', re.DOTALL)


def icon_names() -> list[str]:
    lines = (line.partition("#")[0].strip() for line in ICON_LIST.read_text(encoding="utf-8").splitlines())
    return sorted({line for line in lines if line})


def recipe() -> str:
    """Digest of everything that the result depends on."""
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", ICON_LIST, Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def install() -> None:
    npm = Path(sys.executable).with_name("npm")
    command = [str(npm) if npm.exists() else "npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit"]
    subprocess.run([*command, "--loglevel=error"], cwd=ROOT, check=True)


def sprite(names: list[str], source: Path) -> str:
    """One SVG with a symbol for each name; a name that bootstrap-icons does not have ends the run."""
    absent = [name for name in names if not (source / f"{name}.svg").exists()]
    if absent:
        sys.exit(f"static/icons.txt: bootstrap-icons has no {', '.join(absent)}")
    symbols = []
    for name in names:
        found = _SVG.search((source / f"{name}.svg").read_text(encoding="utf-8"))
        if found is None:
            sys.exit(f"bootstrap-icons: {name}.svg is not understood")
        shapes = " ".join(found["shapes"].split())
        symbols.append(f'<symbol id="{name}" viewBox="{found["box"]}" fill="currentColor">{shapes}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def main() -> None:
    made_of = recipe()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == made_of:
        return
    install()
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    path = ROOT / "node_modules" / "bootstrap" / "dist" / BOOTSTRAP
    # The map is not served, so the reference to it goes too.
    (VENDOR / path.name).write_bytes(_SOURCE_MAP.sub(b"\n", path.read_bytes()))
    icons = sprite(icon_names(), ROOT / "node_modules" / "bootstrap-icons" / "icons")
    (VENDOR / "icons.svg").write_text(icons, encoding="utf-8")
    STAMP.write_text(made_of, encoding="utf-8")
    print(f"static/vendor: {', '.join(path.name for path in sorted(VENDOR.iterdir()) if path != STAMP)}")


if __name__ == "__main__":
    main()
