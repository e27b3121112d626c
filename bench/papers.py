"""An ordinary agreement of two pages: the product's press against WeasyPrint's stock call, and what the worker holds after many."""

from __future__ import annotations

import gc
import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings

from bench.measure import Figures, resident_kib, spread
from mediation.documents import rendering
from mediation.documents.catalogue import kind_of
from mediation.documents.contexts import MediationAgreement
from tests.documents import samples

KIND = "mediation_agreement"


def contents() -> MediationAgreement:
    """An ordinary agreement of two pages: one hospital, two instalments, no agents."""
    whole = samples.agreement(issued_on=None)
    parties = tuple(replace(party, agent="", agent_standing="", agent_authority="") for party in whole.parties)
    facts = (
        "2026年1月12日，申请人因“右上腹反复疼痛三个月”到被申请人处住院，1月14日行腹腔镜胆囊切除术，术后出现胆总管损伤，当日转院手术，"
        "共住院31日。申请人认为术后观察不及时，被申请人认为胆管损伤属于手术并发症，已尽告知义务。"
    )
    issues = "诊疗行为是否存在过错，赔偿数额。"
    return replace(whole, parties=parties, facts=facts, issues=issues, terms=(whole.terms[0], whole.terms[2]))


def stock(html: str, css: str) -> tuple[float, float, int, int]:
    """WeasyPrint as its manual has it, in a process of its own: wall and processor milliseconds, bytes, resident KiB."""
    from weasyprint import CSS, HTML

    begun, used = time.perf_counter(), time.process_time()
    pdf = HTML(string=html).write_pdf(stylesheets=[CSS(filename=css)])
    return 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - used), len(pdf), resident_kib()


def ours() -> tuple[float, float, Any]:
    """From contents to PDF through the warm parent and its child."""
    before = _processor()
    begun = time.perf_counter()
    paper = rendering.render(KIND, contents(), made_at=samples.MADE_AT, uid=samples.UID)
    return 1000 * (time.perf_counter() - begun), 1000 * (_processor() - before), paper


def _processor() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def compare(*, rounds: int = 9) -> Figures:
    """Time, processor time and size of one paper, interleaved; the first round of both is not counted."""
    html = rendering.page(kind_of(KIND), contents(), made_at=samples.MADE_AT)
    css = str(Path(settings.BASE_DIR) / "templates" / "documents" / "document.css")
    taken: dict[str, list[float]] = {"ours": [], "stock": [], "ours cpu": [], "stock cpu": []}
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as other:
        for number in range(rounds + 1):
            ms, cpu, paper = ours()
            stock_ms, stock_cpu, stock_bytes, stock_kib = other.submit(stock, html, css).result()
            if number:
                for name, value in zip(taken, (ms, stock_ms, cpu, stock_cpu), strict=True):
                    taken[name].append(value)
    return {
        "rounds": rounds, "pages": paper.pages, "ours ms": spread(taken["ours"], 1), "stock ms": spread(taken["stock"], 1),
        "wall, ours over stock": spread([a / b for a, b in zip(taken["ours"], taken["stock"], strict=True)], 2),
        "processor, ours over stock": spread([a / b for a, b in zip(taken["ours cpu"], taken["stock cpu"], strict=True)], 2),
        "kB": {"ours": round(len(paper.pdf) / 1024, 1), "stock": round(stock_bytes / 1024, 1)},
        "size, ours over stock": round(len(paper.pdf) / stock_bytes, 2),
        "resident MB after these papers": {"our parent": resident_kib() // 1024, "stock": stock_kib // 1024},
    }  # fmt: skip


def memory(*, papers: int = 200) -> Figures:
    """Resident memory of the worker's parent while it makes so many papers, and the largest child."""
    held = {}
    for number in range(1, papers + 1):
        ours()
        if number in (1, 10, papers // 2, papers):
            gc.collect()
            held[str(number)] = round(resident_kib() / 1024, 1)
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"papers": papers, "parent's resident MB after so many": held, "largest child, MB": child // 1024}
