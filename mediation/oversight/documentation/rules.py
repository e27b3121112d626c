"""docs/rules.md: the thirty-six rules of docs/rules.toml, where each is enforced, and the tests that hold it."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from mediation.documents.catalogue import CATALOGUE
from mediation.oversight.documentation.tables import CONFIDENCE, document, step_name, table
from workflow import registry
from workflow.lifecycle import CLOCKS, STEPS


@dataclass(frozen=True)
class LegalRule:
    """One rule. ``built`` is whether the product enforces it today; ``enforced`` says where, as ``sort:name``."""

    id: str
    sentence: str
    kind: str
    article: str
    confidence: str
    built: bool
    enforced: tuple[str, ...] = ()
    later: str = ""


HEAD = ("Rule", "Says", "Kind", "Article", "Confidence", "Enforced by", "Held by the tests")
INTRODUCTION = """\
{count} rules of law and practice; {built} are enforced today, the others say what is still to come. The list is
[`rules.toml`](rules.toml); the tests are those marked `@pytest.mark.rule("R…")`."""


def page() -> str:
    """docs/rules.md."""
    rules, claims = read(), claimed()
    return document(
        "Rules",
        f"{INTRODUCTION.format(count=len(rules), built=sum(rule.built for rule in rules))} {CONFIDENCE}",
        table(HEAD, (_row(rule, claims.get(rule.id, [])) for rule in rules)),
    )


def read() -> list[LegalRule]:
    """The rules of docs/rules.toml."""
    listed = tomllib.loads((_root() / "docs" / "rules.toml").read_text(encoding="utf-8"))["rule"]
    return [LegalRule(**{**row, "enforced": tuple(row.get("enforced", ()))}) for row in listed]


def claimed() -> dict[str, list[tuple[str, str]]]:
    """Rule → the (file, function) of every test that carries its marker."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in sorted((_root() / "tests").rglob("test_*.py")):
        for name, rule in _marked(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(rule, []).append((path.relative_to(_root()).as_posix(), name))
    return found


def _marked(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.rule":
                    rules = (value.value for value in decorator.args if isinstance(value, ast.Constant))
                    yield from ((node.name, str(rule)) for rule in rules)


def _row(rule: LegalRule, tests: list[tuple[str, str]]) -> tuple[str, ...]:
    where = "<br>".join(place(entry) for entry in rule.enforced)
    if not rule.built:
        where = "<br>".join(filter(None, [where, f"*still to come:* {rule.later}"]))
    held = "<br>".join(f"[{name}](../{path})" for path, name in tests)
    return rule.id, rule.sentence, rule.kind, rule.article, rule.confidence, where, held


def place(entry: str) -> str:
    """One place of enforcement in words. Raises ``LookupError`` for a name that the code does not know."""
    sort, _, name = entry.partition(":")
    if sort == "step":
        return f"step {step_name(STEPS[name])}"
    if sort == "condition":
        return f"condition {_link((registry.CONDITIONS | registry.ADVICE)[name].__module__, name)}"
    if sort == "clock":
        return f"clock {CLOCKS[name]} `{name}`"
    if sort == "paper":
        return f"document {CATALOGUE[name].title} `{name}`"
    if sort == "code" and name.rpartition(".")[2] in _names(name.rpartition(".")[0]):
        return _link(*name.rpartition(".")[::2])
    raise LookupError(f"docs/rules.toml names {entry}, which is not there")


def _link(module: str, name: str) -> str:
    return f"[`{name}`](../{_file(module).relative_to(_root()).as_posix()})"


def _file(module: str) -> Path:
    path = _root().joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _names(module: str) -> set[str]:
    if not _file(module).exists():
        return set()
    nodes = ast.walk(ast.parse(_file(module).read_text(encoding="utf-8")))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def _root() -> Path:
    return Path(settings.BASE_DIR)
