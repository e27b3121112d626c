"""docs/lifecycle.md and the two pictures: states, transitions and actions as the table has them."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from hashlib import sha256

from mediation.oversight.documentation.tables import document, paper_titles, step_name, table, told, who
from workflow import diagram, registry
from workflow.lifecycle import ACTIONS, CLOCKS, OUTCOMES, STATES, TRANSITIONS
from workflow.vocabulary import State, Step

STEP_HEAD = ("Step", "From → to", "By", "Blocked while (in the words of the case page)", "And then", "Article")
STATE_HEAD = ("State", "Phase", "Who must act", "Clock", "When it runs out")
INTRODUCTION = """\
{states} states, {transitions} transitions and {actions} actions that do not move the case: all are rows of one
table, [`workflow/lifecycle.py`](../workflow/lifecycle.py). An arrow from a frame starts in each of its states;
the one that ends at a frame returns to the state the case came from. The same picture as [SVG](lifecycle.svg)
and [BPMN](lifecycle.bpmn)."""


def page() -> str:
    """docs/lifecycle.md."""
    return document(
        "The life of a dispute",
        INTRODUCTION.format(states=len(STATES), transitions=len(TRANSITIONS), actions=len(ACTIONS)),
        f"```mermaid\n{diagram.mermaid()}```",
        "## States",
        table(STATE_HEAD, map(_state, STATES.values())),
        "## Transitions",
        table(STEP_HEAD, map(_step, TRANSITIONS.values())),
        "## Actions that do not move the case",
        table(STEP_HEAD, map(_step, ACTIONS.values())),
        "## Outcomes",
        table(("Outcome", "Reached by"), map(_outcome, OUTCOMES)),
    )


def flow() -> str:
    """docs/lifecycle.bpmn."""
    return diagram.bpmn()


def picture() -> str:
    """docs/lifecycle.svg, with the digest of the graph that it was drawn from."""
    return f"<!-- {digest()} -->\n{diagram.svg()}"


def digest() -> str:
    """What the picture is of, whatever draws it."""
    return "drawn from " + sha256(diagram.dot().encode()).hexdigest()


def drawn_from(stored: str) -> str:
    """The digest in a stored picture."""
    return stored.partition("-->")[0].removeprefix("<!--").strip()


def _state(state: State) -> tuple[str, ...]:
    awaited = "、".join(f"{level.label}：{role.label}" if level else role.label for level, role in state.awaits)
    acts = [name for name in (state.overdue, "lapse") if name and state.key in TRANSITIONS[name].sources]
    overdue = "、".join(TRANSITIONS[name].label for name in acts)
    return f"{state.label} `{state.key}`", state.phase, awaited, CLOCKS.get(state.clock, ""), overdue


def _step(step: Step) -> tuple[str, ...]:
    way = f"{diagram.source_labels(step)} → {diagram.target_label(step)}"
    return f"{step_name(step)}<br>{step.sentence}", way, who(step), _conditions(step), _effects(step), step.article


def _conditions(step: Step) -> str:
    said = ["；".join(reasons(registry.CONDITIONS[name])) for name in step.needs]
    said += [f"发生日期不早于{registry.FOUNDATIONS[name][0]}" for name in step.after]
    return "<br>".join([*said, *(f"提示：{'；'.join(reasons(registry.ADVICE[name]))}" for name in step.warns)])


def reasons(condition: registry.Condition) -> list[str]:
    """The sentences with which a condition refuses, read from its source; what it fills in becomes “…”."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(condition)))
    returns = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return) and node.value is not None]
    return list(dict.fromkeys(sentence for value in returns for sentence in _sentences(value)))


def _sentences(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in value.values)
    elif isinstance(value, ast.Call):
        for argument in value.args:
            yield from _sentences(argument)
    elif isinstance(value, ast.IfExp):
        yield from (*_sentences(value.body), *_sentences(value.orelse))


def _effects(step: Step) -> str:
    done = [diagram.clock_labels(step)]
    done += [f"{word}：{what}" for word, what in (("文书", paper_titles(step)), ("通知", told(step))) if what]
    done += [f"结果：{OUTCOMES[step.outcome]}"] if step.outcome else []
    return "<br>".join(filter(None, done))


def _outcome(key: str) -> tuple[str, str]:
    steps = [step for step in TRANSITIONS.values() if step.outcome == key]
    return f"{OUTCOMES[key]} `{key}`", "、".join(map(step_name, steps)) or "由所填内容决定"
