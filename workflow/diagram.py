"""The table as pictures and tables: Mermaid, Graphviz, BPMN and the role matrix. Generated, so they never drift."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

from workflow.lifecycle import (
    ACTIONS,
    BEFORE_ACCEPTANCE,
    CLOCKS,
    FINAL,
    INITIAL,
    MEDIATING,
    REGISTER,
    STATES,
    STEPS,
    TRANSITIONS,
)
from workflow.vocabulary import Role, Step

CASE_ROLES = tuple(role for role in Role if any(role in step.by for step in STEPS.values()))
# States that many steps leave as one; the pictures draw a frame around them and one arrow from the frame.
FRAMES = {"before_acceptance": ("受理前", BEFORE_ACCEPTANCE), "mediating": ("调解期间", MEDIATING)}


def arrows() -> Iterator[tuple[str, str, list[Step]]]:
    """Every arrow of the pictures, from state or frame to state or frame, with the steps that walk it."""
    found: dict[tuple[str, str], list[Step]] = {}
    for step in TRANSITIONS.values():
        targets = ("mediating",) if step.returns else (step.target,)
        for source in _folded(step.sources):
            for target in targets:
                found.setdefault((source, target), []).append(step)
    for (source, target), steps in found.items():
        yield source, target, steps


def _folded(sources: tuple[str, ...]) -> Iterator[str]:
    """The sources of a step, with a frame in the place of its states when the step leaves all of them."""
    inside: set[str] = set()
    for frame, (_, states) in FRAMES.items():
        if set(states) <= set(sources):
            inside |= set(states)
            yield frame
    yield from (source for source in sources if source not in inside)


def labels(steps: list[Step]) -> str:
    """The words on an arrow."""
    return "、".join(step.label for step in steps)


def mermaid() -> str:
    """The state diagram for Markdown, as a flow chart: frames there take arrows, those of a state diagram do not."""
    lines = ["flowchart TD", f"    start(( )) -->|{REGISTER.label}| {INITIAL}"]
    for frame, (title, states) in FRAMES.items():
        lines += [f'    subgraph {frame}["{title}"]', *(f"        {_box(key)}" for key in states), "    end"]
    lines += [f"    {_box(key)}" for key in STATES if not any(key in states for _, states in FRAMES.values())]
    lines += [f"    {source} -->|{labels(steps)}| {target}" for source, target, steps in arrows()]
    return "\n".join([*lines, f"    {FINAL} --> finish(( ))", ""])


def _box(key: str) -> str:
    return f'{key}["{STATES[key].label}"]'


def dot(current: str = "") -> str:
    """The diagram for Graphviz, with one state marked as where a case is now."""
    font = 'fontname="Noto Sans CJK SC"'
    lines = [
        "digraph lifecycle {",
        f"compound=true; newrank=true; graph [{font} fontsize=11 style=rounded color=gray];",
        f"node [shape=box style=rounded {font} fontsize=11]; edge [{font} fontsize=9];",
    ]
    for frame, (title, states) in FRAMES.items():
        inside = "; ".join(states)
        lines.append(f'subgraph cluster_{frame} {{ label="{title}"; {inside} }}')
    for key, state in STATES.items():
        mark = ' style="rounded,filled" fillcolor="#dce8f7" penwidth=2' if key == current else ""
        lines.append(f'{key} [label="{state.label}"{mark}];')
    for source, target, steps in arrows():
        ends = f"{_anchor(source, last=True)} -> {_anchor(target, last=False)}"
        frames = [f" {end}=cluster_{key}" for end, key in (("ltail", source), ("lhead", target)) if key in FRAMES]
        lines.append(f'{ends} [label="{labels(steps)}"{"".join(frames)}];')
    return "\n".join([*lines, "}", ""])


def _anchor(key: str, *, last: bool) -> str:
    """The state inside a frame at which Graphviz ties an arrow that it then cuts off at the frame."""
    return FRAMES[key][1][-1 if last else 0] if key in FRAMES else key


def svg(current: str = "") -> str:
    """The diagram as SVG. Raises ``FileNotFoundError`` where Graphviz is not installed."""
    drawn = subprocess.run(["dot", "-Tsvg"], input=dot(current), capture_output=True, text=True, check=True, timeout=30)  # noqa: S607
    return drawn.stdout[drawn.stdout.index("<svg") :]


def bpmn() -> str:
    """The flow as BPMN 2.0, drawn by viewflow from the same nodes that run."""
    from viewflow.workflow import chart

    from workflow import engine

    grid = chart.calc_layout_data(engine.flow_class(), edge_start_gap_size=0, edge_end_gap_size=0)
    for cell in grid.cells:  # start and end have a shape without text; people read the table's words
        if cell.node.name in ("register", FINAL):
            cell.shape.text, cell.title = [], REGISTER.label if cell.node.name == "register" else STATES[FINAL].label
    lines = str(chart.grid_to_bpmn(grid)).splitlines()
    return "\n".join([*(line.rstrip() for line in lines if line.strip()), ""])


def role_matrix() -> str:
    """Who may do what, as a Markdown table: one row a step, one column a role."""
    head = ["事项", "从", "到", *(role.label for role in CASE_ROLES)]
    rows = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    for step in (*TRANSITIONS.values(), *ACTIONS.values()):
        marks = ["●" if role in step.by else "" for role in CASE_ROLES]
        cells = [f"{step.label} `{step.name}`", source_labels(step), target_label(step), *marks]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join([*rows, ""])


def source_labels(step: Step) -> str:
    """The states in which a step is possible, in Chinese, with the usual groups under their own names."""
    if set(step.sources) == set(STATES):
        return "任何状态"
    if set(step.sources) == set(STATES) - {FINAL}:
        return "结案以前"
    names = {frame: f"{title}各状态" for frame, (title, _) in FRAMES.items()}
    return "、".join(names.get(key) or STATES[key].label for key in _folded(step.sources))


def target_label(step: Step) -> str:
    """Where a step leads, in Chinese."""
    return "原状态" if step.returns else STATES[step.target].label if step.target else "不变"


def clock_labels(step: Step) -> str:
    """What a step does to the clocks, in words."""
    said = [("起算", step.starts), ("停止", step.stops), ("恢复", step.resumes), ("延长", step.extends)]
    return "；".join(f"{verb}{CLOCKS[name]}" for verb, names in said for name in names)
