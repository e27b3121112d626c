"""The committee's decision: declarations about other routes, acceptance, refusal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from mediation.cases import codes, grounds
from mediation.cases.case import DisputeCase
from mediation.cases.conditions import needs_consent
from mediation.cases.facts import chosen, handed_in, kept_hospitals, written
from mediation.cases.filing import Filed, file_paper
from mediation.cases.parties import RouteStatus
from workflow.registry import Move, Refused, effect


@effect
def declare_routes(
    move: Move, *, side: str, court: str, bureau: str, body: str = "", accepted_on: date | None = None,
    paper: Filed | None = None,
) -> None:  # fmt: skip
    """What a side says about court and bureau. Only *accepted* closes the way to the committee (条例 31 ¶4; R03).

    A side's last word counts, so a suit that was taken back opens the way again; that needs the court's paper.
    """
    case, side = move.case, chosen(side, codes.Side, "声明方", field="side")
    answers = {
        codes.Route.COURT: chosen(court, codes.RouteAnswer, "法院受理情况", field="court"),
        codes.Route.BUREAU: chosen(bureau, codes.RouteAnswer, "卫健部门受理情况", field="bureau"),
    }
    on = _accepted_on(move, answers, body, accepted_on)
    filed = file_paper(move, paper, kind=codes.PaperKind.ROUTES, side=side)
    before = case.other_route
    for route, answer in answers.items():
        accepted = answer == codes.RouteAnswer.ACCEPTED
        RouteStatus(
            case=case, side=side, route=route, answer=answer, on=on if accepted else move.happened_on,
            body=body.strip() if accepted else "", paper=filed,
        ).save(force_insert=True)  # fmt: skip
    case.other_route = route_accepted(case)
    if before and not case.other_route and paper is None:
        raise Refused("原已登记受理，现声明已不再受理的，须附该机关的裁定或通知", field="paper")
    move.data.update(side=side, court=court, bureau=bureau, other_route=case.other_route)


@effect
def accept(move: Move, *, note: str = "", paper: Filed | None = None) -> None:
    """The formal decision: from this day the 30 working days run (条例 38; R09), so it cannot lie before what it rests on."""
    case = move.case
    for on, what in foundations(case):
        if move.happened_on < on:
            raise Refused(f"受理日期不能早于{what} {on:%Y-%m-%d}", field="happened_on")
    file_paper(move, handed_in(paper, "受理审批表，或登记它的名称"), kind=codes.PaperKind.OTHER)
    case.accepted_on = move.happened_on


@effect
def refuse(move: Move, *, ground: str, reason: str, paper: Filed | None = None) -> None:
    """In writing, with the reason and its article (R05)."""
    case, ground = (
        move.case,
        grounds.RefusalGround(chosen(ground, grounds.RefusalGround, "不予受理的依据", field="ground")),
    )
    written(reason, "不予受理的理由", field="reason")
    if sentence := _unfounded(move, ground):
        raise Refused(sentence, field="ground")
    file_paper(move, paper, kind=codes.PaperKind.OTHER)
    case.outcome_code = ground.value
    move.data["ground"] = ground.value
    move.facts = {**move.facts, "article": ground.article}  # the written refusal names it


def route_accepted(case: DisputeCase) -> str:
    """The other route that has accepted the matter, by the last word of each side; the court's comes first."""
    last: dict[tuple[str, str], str] = {}
    for status in RouteStatus.objects.filter(case=case).order_by("pk"):
        sides = ("patient", "hospital") if status.side == codes.Side.BOTH else (status.side,)
        last |= {(status.route, side): status.answer for side in sides}
    accepted = {route for (route, _), answer in last.items() if answer == codes.RouteAnswer.ACCEPTED}
    return next((route.value for route in codes.Route if route in accepted), "")


def foundations(case: DisputeCase) -> Iterator[tuple[date, str]]:
    """The days that acceptance rests on: application, consents that count, declarations."""
    for application in case.applications.all():
        yield application.received_on, "收到调解申请之日"
    for consent in case.consents.all():
        if consent.given and not consent.superseded:
            yield consent.on, "同意调解之日"
    for status in case.routes.all():
        yield status.on, "互斥声明之日"


def _accepted_on(move: Move, answers: dict[codes.Route, str], body: str, accepted_on: date | None) -> date:
    if codes.RouteAnswer.ACCEPTED not in answers.values():
        return move.happened_on
    written(body, "已受理的法院或部门名称", field="body")
    on = accepted_on or move.happened_on
    if on > move.happened_on:
        raise Refused("该机关的受理日期不能晚于本次登记的发生日期", field="accepted_on")
    return on


def _unfounded(move: Move, ground: grounds.RefusalGround) -> str | None:
    """Why a ground does not carry a refusal: mere filing elsewhere, a side that agrees, papers that are not due yet."""
    case = move.case
    if ground in codes.Route.values and case.other_route != ground:
        return f"没有{codes.Route(ground.value).label}已经受理的声明；仅提出而未受理的，不得以此拒绝（条例第31条第4款）"
    if ground == grounds.RefusalGround.NO_CONSENT:
        sides = [("patient", None), *(("hospital", hospital.pk) for hospital in kept_hospitals(case))]
        if not any(needs_consent(case, side, pk) for side, pk in sides):
            return "双方均已同意调解，不能以此拒绝"
    if ground == grounds.RefusalGround.PAPERS:
        requests = case.paper_requests.all()
        if not any(request.due_on < move.happened_on for request in requests):
            return "没有期满未补的补正要求，不能以材料不全拒绝"
    return None
