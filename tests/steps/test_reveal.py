"""Looking behind a mask leaves a record; a hidden caller stays hidden from town and hospital (A6, R33)."""

from dataclasses import replace

import pytest

from tests.factories import PATIENT, case_at, move, take
from workflow.records import Event
from workflow.registry import NotAllowed, Refused

HIDDEN = replace(PATIENT, is_hidden=True)


@pytest.mark.rule("R33")
def test_who_looked_at_what_is_on_record_and_why_is_sealed() -> None:
    case = case_at("town_handling")
    party = case.parties.get()

    done = move(case, "reveal", "town_wang", target=f"party-{party.pk}.phone", reason="首次联系")

    event = Event.objects.get(chain=case.chain, seq=done.seq)
    assert (event.kind, event.data) == ("reveal", {"fields": ["party.phone"], "row": party.pk})
    assert event.digest


@pytest.mark.rule("R33")
def test_all_of_a_person_is_one_look_that_names_every_value_shown() -> None:
    case = case_at("town_handling")
    party = case.parties.get()

    done = move(case, "reveal", "town_wang", target=f"party-{party.pk}", reason="约定面谈时间")

    shown = {f"party.{name}" for name in ("name", "phone", "id_no", "born_on", "address") if getattr(party, name)}
    assert len(shown) > 2
    assert set(done.data["fields"]) == shown
    assert done.data["row"] == party.pk


@pytest.mark.parametrize("by", ["town_wang", "liaison_he"])
def test_a_hidden_caller_is_not_shown_to_town_or_hospital(by: str) -> None:
    case = case_at("town_handling", people=(HIDDEN,), is_confidential=True)
    target = f"party-{case.parties.get().pk}.name"
    for wanted in (target, target.removesuffix(".name")):
        with pytest.raises(Refused, match="来电人要求保密"):
            take(case, "reveal", by, target=wanted, reason="想知道")

    take(case, "reveal", "clerk_chen", target=target, reason="核对申请人身份")


def test_without_a_reason_or_off_the_list_nothing_is_shown() -> None:
    case = case_at("town_handling")
    with pytest.raises(Refused, match="请填写查看理由"):
        take(case, "reveal", "town_wang", target=f"party-{case.parties.get().pk}.name", reason="")
    with pytest.raises(Refused, match="请选择本案中的一项"):
        take(case, "reveal", "town_wang", target="case.number", reason="看看")


def test_a_closed_case_is_still_looked_into_and_nothing_moves() -> None:
    case = take(
        case_at("registered"), "mark_duplicate", "hotline_lin", original=case_at("town_handling"), reason="同一件事"
    )

    case = take(case, "reveal", "hotline_lin", target=f"party-{case.parties.get().pk}.name", reason="核对")

    assert case.state == "closed"


def test_the_residence_town_reads_along_and_reveals_nothing() -> None:
    case = case_at("town_handling")
    with pytest.raises((NotAllowed, Refused)):
        take(case, "reveal", "town_of_residence", target=f"party-{case.parties.get().pk}.name", reason="看看")
