"""The house rules as tests: what review would otherwise have to say again and again (docs/architecture.md)."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import resolve, reverse

from mediation.cases.pages import steps as step_pages
from mediation.cases.stepform import FORMS, StepForm, form_of
from mediation.documents.catalogue import CATALOGUE
from mediation.oversight import documentation
from mediation.oversight.documentation import lifecycle as lifecycle_page
from mediation.oversight.documentation import rules as rules_page
from workflow import registry
from workflow.companions import COMPANIONS
from workflow.lifecycle import CLOCKS, OUTCOMES, STATES, STEPS
from workflow.vocabulary import Role

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("workflow", "mediation")
OURS = {"workflow", "mediation"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FILE_LIMIT, TEMPLATE_LIMIT = 300, 120
FORBIDDEN_NAMES = {"utils", "helpers", "common", "services", "selectors", "managers", "constants"}
ACTED = [step for step in STEPS.values() if not step.by_time]
TOO_NEW_CSS = ("color-mix(", "light-dark(", "oklch(", ":has(", "@layer", "@container")
OF_THE_PROCESS = {"catch_warnings", "setlocale", "chdir", "umask", "setdefaulttimeout", "setswitchinterval"}
WITHOUT_CHINESE = {"12345", "SHA-256", "H", "M", "L", "DESIGN"}  # what Latin letters say in Chinese offices, too


def sources(*folders: str) -> Iterator[tuple[str, Path]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path


def trees(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for name, path in sources(*folders):
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.partition(".")[0] in OURS]


def own_fields(model: type[models.Model]) -> Iterator[models.Field]:
    for field in model._meta.get_fields():
        if isinstance(field, models.Field) and not field.auto_created:
            yield field


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


# --- steps ------------------------------------------------------------------------------------------------------------


def test_every_step_has_a_chinese_label_and_a_sentence() -> None:
    assert [s.name for s in STEPS.values() if not CHINESE.search(s.label) or not s.sentence.endswith("。")] == []


def test_every_form_belongs_to_a_step_and_asks_for_what_its_effect_takes() -> None:
    assert sorted(set(FORMS) - set(STEPS)) == []
    assert all(issubclass(form_of(step), StepForm) for step in ACTED)
    asking = [step.name for step in ACTED if step.name in registry.EFFECTS and _facts(step.name)]
    assert [name for name in asking if name not in FORMS] == []
    plain = [name for name in asking if FORMS[name].facts is StepForm.facts]  # the others compose theirs
    assert {name: missing for name in plain if (missing := _facts(name) - set(FORMS[name].base_fields))} == {}


def _facts(name: str) -> set[str]:
    """The facts that an effect cannot do without: the plain form has none to give."""
    parameters = inspect.signature(registry.EFFECTS[name]).parameters.values()
    return {p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty}


def test_every_step_has_an_address_that_is_its_own_name() -> None:
    addresses = {step.name: reverse("cases:step", args=["2026-00001", step.name]) for step in ACTED}
    assert addresses == {name: f"/cases/2026-00001/{name}/" for name in addresses}
    assert [name for name, address in addresses.items() if resolve(address).func is not step_pages.step] == []


def test_every_step_is_named_by_a_test_of_its_own() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "steps").glob("test_*.py"))
    assert [name for name in STEPS if f'"{name}"' not in written] == []


def test_every_step_stands_in_the_double_entry() -> None:
    written = (ROOT / "tests" / "workflow" / "test_lifecycle.py").read_text(encoding="utf-8")
    assert [name for name in STEPS if f'"{name}"' not in written] == []


def test_every_condition_refuses_with_a_chinese_sentence() -> None:
    every = registry.CONDITIONS | registry.ADVICE
    assert [name for name, judge in every.items() if not any(map(CHINESE.search, lifecycle_page.reasons(judge)))] == []


def test_nobody_but_the_workflow_assigns_a_state() -> None:
    found = [f"{name}:{line}" for name, tree in trees("mediation", "scripts") for line in _state_assignments(tree)]
    assert found == []


def _state_assignments(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AugAssign) and any(_is_state(target) for target in targets):
            yield node.lineno
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            yield from (node.lineno for keyword in node.keywords if keyword.arg == "state")


def _is_state(target: ast.AST | None) -> bool:
    return isinstance(target, ast.Attribute) and target.attr == "state" and ast.unparse(target.value) != "self._state"


# --- models -----------------------------------------------------------------------------------------------------------


def test_every_model_field_and_choice_is_named_in_chinese() -> None:
    named: dict[str, list[object]] = {model.__name__: [model._meta.verbose_name] for model in our_models()}
    for model in our_models():
        for field in own_fields(model):
            if not _inherited(field, model):
                labels = [label for _, label in field.flatchoices]
                named[f"{model.__name__}.{field.name}"] = [field.verbose_name, *labels]
    spoken = {name: {str(label) for label in labels} - WITHOUT_CHINESE for name, labels in named.items()}
    assert {name: words for name, words in spoken.items() if not all(map(CHINESE.search, words))} == {}


def _inherited(field: models.Field, model: type[models.Model]) -> bool:
    """Columns of Django's, guardian's and viewflow's abstract bases keep the names that those give them."""
    bases = [base for base in model.__mro__[1:] if getattr(getattr(base, "_meta", None), "abstract", False)]
    foreign = [base for base in bases if base.__module__.partition(".")[0] not in OURS]
    names = {own.name for base in foreign for own in base._meta.get_fields()}
    return field.name in names


def test_people_are_never_deleted_from_under_a_record() -> None:
    cascading = [
        f"{model.__name__}.{field.name}"
        for model in our_models()
        for field in own_fields(model)
        if isinstance(field, models.ForeignKey)
        and not _inherited(field, model)
        and field.related_model._meta.label == settings.AUTH_USER_MODEL
        and field.remote_field.on_delete is not models.PROTECT
    ]
    assert cascading == ["Draft.user"]  # a half-typed form is no record


def test_every_label_is_explained_in_the_glossary() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = [state.label for state in STATES.values()] + [role.label for role in Role]
    words += [*CLOCKS.values(), *OUTCOMES.values(), *(step.label for step in STEPS.values())]
    words += [label for companion in COMPANIONS for label in companion.states.values()]
    words += [str(model._meta.verbose_name) for model in our_models()]
    words += [kind.title for kind in CATALOGUE.values()]
    assert sorted({word for word in words if word not in glossary}) == []


# --- files ------------------------------------------------------------------------------------------------------------


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    python = {name: path for name, path in sources(*PACKAGES, "scripts") if lines(path) > FILE_LIMIT}
    assert sorted(python) == []
    assert [path.name for path in templates() if lines(path) > TEMPLATE_LIMIT] == []


def test_no_module_is_called_after_nothing() -> None:
    names = {name: {*Path(name).with_suffix("").parts} for name, _ in sources(*PACKAGES, "tests", "scripts")}
    assert [name for name, parts in names.items() if parts & FORBIDDEN_NAMES] == []


def test_weasyprint_and_guardian_each_have_one_place() -> None:
    users: dict[str, set[str]] = {"weasyprint": set(), "guardian": set()}
    for name, tree in trees(*PACKAGES):
        for module in {module.partition(".")[0] for module in imported(tree)} & set(users):
            users[module].add(str(Path(name).parent))
    assert users == {"weasyprint": {"mediation/documents"}, "guardian": {"mediation/organisations"}}


def test_nothing_changes_for_a_moment_what_belongs_to_the_whole_process() -> None:
    """What one thread puts back another may just have changed (ADR 21)."""
    called = [
        f"{name}:{node.lineno}"
        for name, tree in trees(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node).rpartition(".")[2] in OF_THE_PROCESS
    ]
    assert called == []


def test_templates_hold_no_style_and_no_script() -> None:
    inline = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    pages = [path for path in templates() if "documents" not in path.relative_to(ROOT / "templates").parts]
    assert [p.relative_to(ROOT).as_posix() for p in pages if inline.search(p.read_text(encoding="utf-8"))] == []


def test_the_stylesheet_keeps_to_what_office_browsers_know() -> None:
    own = [path for path in (ROOT / "static").rglob("*.css") if "vendor" not in path.parts]
    rules = {path.name: re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL) for path in own}
    found = [(name, word) for name, text in rules.items() for word in TOO_NEW_CSS if word in text]
    assert own
    assert found == []


# --- documents --------------------------------------------------------------------------------------------------------


def test_the_generated_documents_say_what_the_code_says() -> None:
    assert list(documentation.outdated()) == []


def test_every_rule_that_a_test_claims_exists_and_every_built_rule_is_claimed() -> None:
    rules, claimed = {rule.id: rule for rule in rules_page.read()}, rules_page.claimed()
    assert list(rules) == [f"R{number:02d}" for number in range(1, 37)]
    assert sorted(set(claimed) - set(rules)) == []
    assert [rule.id for rule in rules.values() if rule.built and not (rule.enforced and rule.id in claimed)] == []


def test_the_documents_point_at_nothing_that_is_not_there() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    link = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
    pointed = [(page, target) for page in pages for target in link.findall(page.read_text(encoding="utf-8"))]
    assert [f"{page.name}: {target}" for page, target in pointed if not (page.parent / target).exists()] == []
