"""Double-entry bookkeeping of the lifecycle: the law as a person reads it, against the table that runs.

The rows below were typed from the description of a dispute's life, not generated. Whatever is in one book and not in the
other fails; every other combination of state, step and role must be refused (tests/journeys/test_refusals.py tries them).
"""

import pytest

from workflow.lifecycle import ACTIONS, CLOCKS, FINAL, OUTCOMES, STATES, STEPS, TRANSITIONS
from workflow.vocabulary import Role

H, T, D, M, X, L, S, TIME = [
    "hotline_operator",
    "town_official",
    "dispatcher",
    "mediator",
    "director",
    "hospital_liaison",
    "supervisor",
    "time",
]
EARLY = ["registered", "town_pending", "town_handling", "escalated", "under_review", "awaiting_consent"]
MEDIATING = ["awaiting_assignment", "investigating", "under_appraisal", "in_mediation", "agreement_drafted"]
NOT_STOPPED = [state for state in MEDIATING if state != "under_appraisal"]
TRIAGE = ["registered", "town_handling", "escalated", "under_review"]
OPEN = [*EARLY, *MEDIATING, "lapsed", "performing", "follow_up", "closing"]
EVERY = [*OPEN, "closed"]

BOOK = [
    # step                     from                                                to                    by
    ("dispatch",               ["registered"],                                     "town_pending",       [H, T, D]),
    ("redirect",               ["registered", "town_pending", "town_handling", "escalated"], "town_pending", [D]),
    ("divert",                 TRIAGE,                                             "closing",            [H, T, D]),
    ("mark_duplicate",         EARLY,                                              "closed",             [H, T, D]),
    ("drop",                   TRIAGE,                                             "closing",            [H, T, D]),
    ("apply_directly",         ["registered", "town_pending", "town_handling", "escalated"], "under_review", [D]),
    ("step_in",                ["registered", "town_pending", "town_handling"],    "escalated",          [D]),
    ("sign_for",               ["town_pending"],                                   "town_handling",      [T]),
    ("decline",                ["town_pending"],                                   "registered",         [T]),
    ("resolve",                ["town_handling"],                                  "follow_up",          [T]),
    ("settle_locally",         ["town_handling"],                                  "performing",         [T]),
    ("settle_by_town_committee", ["town_handling"],                                "performing",         [T]),
    ("guide_to_apply",         ["town_handling"],                                  "under_review",       [T]),
    ("escalate",               ["town_handling"],                                  "escalated",          [T]),
    ("escalate_overdue",       ["town_pending", "town_handling"],                  "escalated",          [TIME]),
    ("take_over",              ["escalated"],                                      "under_review",       [D]),
    ("send_back",              ["escalated", "under_review"],                      "town_handling",      [D]),
    ("seek_consent",           ["under_review"],                                   "awaiting_consent",   [D]),
    ("consent_given",          ["awaiting_consent"],                               "under_review",       [D, L]),
    ("consent_refused",        ["awaiting_consent"],                               "closing",            [D]),
    ("accept",                 ["under_review"],                                   "awaiting_assignment", [D]),
    ("refuse",                 ["under_review", "awaiting_consent"],               "closing",            [D]),
    ("assign",                 ["awaiting_assignment"],                            "investigating",      [X, D]),
    ("start_appraisal",        ["investigating", "in_mediation"],                  "under_appraisal",    [M]),
    ("finish_appraisal",       ["under_appraisal"],                                "investigating",      [M]),
    ("convene",                ["investigating"],                                  "in_mediation",       [M]),
    ("draft_agreement",        ["in_mediation"],                                   "agreement_drafted",  [M]),
    ("redraft",                ["agreement_drafted"],                              "in_mediation",       [M]),
    ("conclude",               ["agreement_drafted"],                              "performing",         [M]),
    ("refuse_mediation",       ["under_review", *MEDIATING],                       "closing",            [D, M]),
    ("fail",                   MEDIATING,                                          "closing",            [M, D]),
    ("lapse",                  NOT_STOPPED,                                        "lapsed",             [TIME]),
    ("confirm_lapse",          ["lapsed"],                                         "closing",            [X]),
    ("restore",                ["lapsed"],                                         "back",               [X]),
    ("terminate",              MEDIATING,                                          "closing",            [X]),
    ("performed",              ["performing"],                                     "follow_up",          [M, T]),
    ("default",                ["performing"],                                     "closing",            [M, T]),
    ("confirmation_dismissed", ["performing", "follow_up"],                        "closing",            [M, T]),
    ("visit",                  ["follow_up"],                                      "closing",            [M, T]),
    ("withdraw",               [*EARLY, *MEDIATING],                               "closing",            [H, T, D, M, X]),
    ("close",                  ["closing"],                                        "closed",             [X, T, H]),
    # actions that stay
    ("log_contact",            EVERY,                                              "",                   [H, T, D, M, X]),
    ("extend_handling",        ["town_handling"],                                  "",                   [T]),
    ("record_application",     ["under_review"],                                   "",                   [D]),
    ("record_consent",         ["under_review", "awaiting_consent", *MEDIATING],   "",                   [D, M, L]),
    ("declare_routes",         ["under_review", "awaiting_consent", *MEDIATING],   "",                   [D, M, X]),
    ("request_papers",         ["under_review"],                                   "",                   [D]),
    ("serve_notice",           OPEN,                                               "",                   [D, M, X, T]),
    ("sign_rights_notice",     ["under_review", *MEDIATING],                       "",                   [D, M]),
    ("reassign",               ["investigating", "under_appraisal", "in_mediation", "agreement_drafted"], "", [X]),
    ("substitute_party",       OPEN,                                               "",                   [H, T, D, M]),
    ("sever",                  ["under_review", "awaiting_consent", *MEDIATING],   "",                   [D, M]),
    ("extend",                 MEDIATING,                                          "",                   [X]),
    ("record_investigation",   ["investigating", "under_appraisal", "in_mediation"], "",                 [M]),
    ("record_meeting",         ["in_mediation"],                                   "",                   [M]),
    ("add_paper",              EVERY,                                              "",                   [H, T, D, M, X, L]),
    ("mark",                   ["agreement_drafted"],                              "",                   [M, X]),
    ("amend",                  ["performing"],                                     "",                   [M]),
    ("record_payment",         ["performing", "follow_up", "closing", "closed"],   "",                   [M, T]),
    ("submit_dossier",         ["closing"],                                        "",                   [M, D]),
    ("visit_again",            ["closing", "closed"],                              "",                   [M, T]),
    ("unlink",                 ["closed"],                                         "",                   [H, T, D]),
    ("correct",                EVERY,                                              "",                   [H, T, D, M, X]),
    ("reveal",                 EVERY,                                              "",                   [H, T, D, M, X, L, S]),
    ("recount",                OPEN,                                               "",                   [TIME]),
    ("absorb",                 OPEN,                                               "",                   [TIME]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "sources", "target", "roles"), BOOK, ids=[row[0] for row in BOOK])
def test_the_table_says_what_the_law_says(name, sources, target, roles):
    step = STEPS[name]

    assert set(step.sources) == set(sources)
    assert ("back" if step.returns else step.target) == target
    assert {role.value for role in step.by} == set(roles)


def test_the_table_holds_nothing_that_the_book_does_not():
    assert set(STEPS) == {row[0] for row in BOOK}


def test_every_name_in_the_book_stands_once():
    names = [row[0] for row in BOOK]
    assert len(names) == len(set(names))


@pytest.mark.rule("R09")
def test_only_appraisal_stops_the_thirty_days():
    assert [name for name, step in STEPS.items() if "mediation" in step.stops] == ["start_appraisal"]
    assert [name for name, step in STEPS.items() if "mediation" in step.resumes] == ["finish_appraisal"]


@pytest.mark.rule("R09")
def test_only_acceptance_starts_the_thirty_days():
    assert [name for name, step in STEPS.items() if "mediation" in step.starts] == ["accept"]


def test_the_bureau_never_acts_on_a_case():
    allowed = [name for name, step in STEPS.items() if Role.SUPERVISOR in step.by]
    assert allowed == ["reveal"]


def test_a_closed_case_allows_no_step_that_moves():
    assert not [name for name, step in TRANSITIONS.items() if FINAL in step.sources]


@pytest.mark.rule("R04")
def test_refusing_mediation_needs_no_condition_and_nobody_above():
    step = TRANSITIONS["refuse_mediation"]
    assert step.needs == ()
    assert Role.DIRECTOR not in step.by


AFTER = {
    "conclude": ["agreement_drawn_up"], "mark": ["agreement_drawn_up"], "record_payment": ["agreement_took_effect"],
    "sign_rights_notice": ["application_received"], "record_investigation": ["first_assigned"], "reassign": ["first_assigned"],
    "record_meeting": ["first_assigned", "rights_notices_all_signed", "first_convened"],
    "default": ["state_entered", "first_urged"], "extend_handling": ["state_entered"], "submit_dossier": ["state_entered"], "request_papers": ["state_entered"],
}  # fmt: skip
"""A happening is never dated before the event it depends on; other transitions not before the entry into their state."""


def test_what_nothing_may_be_dated_before():
    assert {name: list(step.after) for name, step in STEPS.items() if step.after} == AFTER


BY_KEEPER = {"withdraw", "serve_notice", "substitute_party", "record_payment", "correct", "visit_again"}
"""Who registered the case or had it before takes these no more once the city keeps it: “whoever acts”, “the desk”."""


def test_what_desk_and_town_no_longer_do_once_the_city_keeps_the_case():
    assert {name for name, step in STEPS.items() if step.by_keeper} == BY_KEEPER


@pytest.mark.rule("R03")
def test_once_another_route_has_accepted_only_these_steps_remain():
    remaining = {name for name, step in STEPS.items() if step.despite_route}
    assert remaining == {
        "divert", "refuse", "terminate", "log_contact", "declare_routes", "serve_notice", "add_paper", "correct", "reveal", "recount",
        "absorb", "submit_dossier", "close",
    }  # fmt: skip


def test_whatever_ends_a_case_says_how():
    endings = [
        s for s in TRANSITIONS.values() if s.target in ("closing", "closed") and s.name not in ("visit", "close")
    ]
    assert [step.name for step in endings if not step.outcome] == []
    assert {step.outcome for step in TRANSITIONS.values() if step.outcome} <= set(OUTCOMES)


def test_every_open_state_has_a_clock_and_every_clock_a_name():
    for key, state in STATES.items():
        assert key == FINAL or state.clock in CLOCKS
    for step in (*TRANSITIONS.values(), *ACTIONS.values()):
        assert {*step.starts, *step.stops, *step.resumes, *step.extends} <= set(CLOCKS)


def test_every_step_speaks_chinese():
    for step in STEPS.values():
        assert all(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in (step.label, step.sentence)), (
            step.name
        )
