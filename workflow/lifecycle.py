"""The life of a dispute: one table, and the table is the law.

Read the states first, then the transitions from top to bottom: that is the order in which a case meets them.
``machine`` compiles the table to django-fsm, ``nodes`` to django-viewflow; ``checks`` proves that the two agree.
Article numbers: 条例 = 医疗纠纷预防和处理条例 (2018), 调解法 = 人民调解法 (2010). ``R01`` … are the rules of docs/rules.md.
"""

from __future__ import annotations

from workflow.vocabulary import Level, Role, State, Step

OPERATOR, TOWN, DISPATCHER, MEDIATOR, DIRECTOR = (
    Role.HOTLINE_OPERATOR, Role.TOWN_OFFICIAL, Role.DISPATCHER, Role.MEDIATOR, Role.DIRECTOR)  # fmt: skip
LIAISON, SUPERVISOR, TIME = Role.HOSPITAL_LIAISON, Role.SUPERVISOR, Role.TIME
DESKS = ((Level.DESK, OPERATOR), (Level.TOWN, TOWN), (Level.CITY, DISPATCHER))

# fmt: off
STATES: dict[str, State] = {state.key: state for state in (
    #     key                    中文               phase      who must act                                  clock
    State("registered",          "已登记",          "登记",     DESKS,                                        "triage"),
    State("town_pending",        "待镇街签收",      "镇街处置", ((None, TOWN),),                              "town_sign_for", overdue="escalate_overdue"),
    State("town_handling",       "镇街处置中",      "镇街处置", ((None, TOWN),),                              "town_handling", starts_clock=False, overdue="escalate_overdue"),
    State("escalated",           "已上报",          "上报",     ((None, DISPATCHER),),                        "take_over"),
    State("under_review",        "受理审查中",      "受理审查", ((None, DISPATCHER),),                        "review", starts_clock=False),
    State("awaiting_consent",    "待对方同意",      "受理审查", ((None, DISPATCHER),),                        "consent"),
    State("awaiting_assignment", "待分案",          "分案",     ((None, DIRECTOR),),                          "assignment", mediating=True),
    State("investigating",       "调查取证中",      "调查取证", ((None, MEDIATOR),),                          "mediation", starts_clock=False, mediating=True),
    State("under_appraisal",     "鉴定中",          "调查取证", ((None, MEDIATOR),),                          "mediation", starts_clock=False, mediating=True),
    State("in_mediation",        "调解中",          "调解",     ((None, MEDIATOR),),                          "mediation", starts_clock=False, mediating=True),
    State("agreement_drafted",   "协议待签",        "协议签署", ((None, MEDIATOR),),                          "mediation", starts_clock=False, mediating=True),
    State("lapsed",              "视为调解不成（待确认）", "调解", ((None, DIRECTOR),),                       "lapse_confirmation"),
    State("performing",          "履行中",          "履行",     ((Level.TOWN, TOWN), (Level.CITY, MEDIATOR)), "performance", starts_clock=False, by_level=True),
    State("follow_up",           "待回访",          "回访",     ((Level.TOWN, TOWN), (Level.CITY, MEDIATOR)), "follow_up", by_level=True),
    State("closing",             "结案审查",        "结案",     ((Level.DESK, OPERATOR), (Level.TOWN, TOWN), (Level.CITY, DIRECTOR)), "closing", by_level=True),
    State("closed",              "已结案",          "结案",     ()),
)}
INITIAL, FINAL = "registered", "closed"

MEDIATING = tuple(key for key, state in STATES.items() if state.mediating)
BEFORE_ACCEPTANCE = ("registered", "town_pending", "town_handling", "escalated", "under_review", "awaiting_consent")
TOWNS_TURN = ("registered", "town_handling", "escalated", "under_review")
OPEN = tuple(key for key in STATES if key != FINAL)
ANYWHERE = tuple(STATES)

TRANSITIONS: dict[str, Step] = {step.name: step for step in (
    # --- intake and town -------------------------------------------------------------------------------------------
    Step("dispatch", "派至镇街", "派给医疗机构所在镇街，无法确定时依次按发生地、居住地或指定。", ("registered",), "town_pending", (OPERATOR, TOWN, DISPATCHER),
         starts=("town_handling", "first_contact"), tells=("residence_town",), level=Level.TOWN, article="粤府令186号第4条"),
    Step("redirect", "改派", "派错镇街，或涉及多家医院须由一个镇街牵头时，由市医调委指定；指定后镇街不得再退单。", ("registered", "town_pending", "town_handling", "escalated"), "town_pending", (DISPATCHER,),
         starts=("town_handling", "first_contact"), tells=("residence_town",), level=Level.TOWN),
    Step("divert", "转出", "不是医疗纠纷、不在本市，或法院、卫健部门已受理的，告知受理单位并答复来电人。", TOWNS_TURN, "closing", (OPERATOR, TOWN, DISPATCHER),
         needs=("no_application",), papers=("caller_reply",), tells=("hotline",), outcome="diverted", article="条例第2条、第31条第4款", despite_route=True),
    Step("mark_duplicate", "并案关联", "与正在办理的案件是同一件事：工单移到原案，本案结束；取消关联时另立新案。", BEFORE_ACCEPTANCE, "closed", (OPERATOR, TOWN, DISPATCHER),
         tells=("hotline",), outcome="duplicate", danger=True),
    Step("drop", "无法继续", "匿名、无法联系或多次引导仍不申请的，写明情况后结束。", TOWNS_TURN, "closing", (OPERATOR, TOWN, DISPATCHER),
         needs=("no_application",), tells=("hotline",), outcome="dropped", danger=True),
    Step("apply_directly", "直接申请", "任何一方（包括医院）都可以直接申请，镇街不是必经程序。", ("registered", "town_pending", "town_handling", "escalated"), "under_review", (DISPATCHER,),
         needs=("no_application",), starts=("review",), papers=("application_receipt",), tells=("town", "hospitals", "hotline"), level=Level.CITY, article="条例第31条第1、2款"),
    Step("step_in", "主动介入", "重大医疗纠纷，医调委主动介入并引导双方申请；不出回执，不起算审查期限。", ("registered", "town_pending", "town_handling"), "escalated", (DISPATCHER,),
         tells=("town", "hospitals", "supervisor"), level=Level.CITY, article="条例第31条第3款"),
    Step("sign_for", "签收", "确认收到；从派单起的处置期限继续计算。", ("town_pending",), "town_handling", (TOWN,)),
    Step("decline", "退单", "不属于本镇街的，写明理由和建议单位退回登记单位，至多一次。", ("town_pending",), "registered", (TOWN,),
         needs=("not_declined_before", "not_designated")),
    Step("resolve", "解释化解", "来电人认可解释，没有约定给付内容。", ("town_handling",), "follow_up", (TOWN,), tells=("hotline", "hospitals"), outcome="resolved_by_town"),
    Step("settle_locally", "就地和解", "双方自行协商一致，签订书面和解协议。", ("town_handling",), "performing", (TOWN,),
         needs=("patient_represented",), warns=("public_hospital_limit",), papers=("settlement_agreement",), tells=("hotline", "hospitals"), outcome="settled_by_town", article="条例第30条"),
    Step("settle_by_town_committee", "镇街人民调解", "由镇街人民调解委员会主持调解，签订该会的人民调解协议书。", ("town_handling",), "performing", (TOWN,),
         needs=("town_has_committee", "patient_represented"), warns=("public_hospital_limit",), starts=("judicial_confirmation",), papers=("mediation_agreement", "confirmation_notice"), tells=("hotline", "hospitals"), outcome="mediated_by_town", article="调解法第34条"),
    Step("guide_to_apply", "引导申请调解", "引导当事人向市医调委申请；申请日为镇街收到之日。", ("town_handling",), "under_review", (TOWN,),
         needs=("no_application",), starts=("review",), papers=("application_receipt",), tells=("hotline", "hospitals"), level=Level.CITY, article="条例第31条"),
    Step("escalate", "上报", "镇街处置不了的，填写一页呈批表上报市医调委。", ("town_handling",), "escalated", (TOWN,),
         papers=("escalation_brief",), tells=("supervisor",), level=Level.CITY),
    Step("escalate_overdue", "超期自动上报", "镇街期限届满仍未办结，系统用已有材料自动上报。", ("town_pending", "town_handling"), "escalated", (TIME,),
         needs=("town_period_over",), papers=("escalation_brief",), tells=("town", "supervisor"), level=Level.CITY),
    # --- the committee's review ------------------------------------------------------------------------------------
    Step("take_over", "接收", "市医调委接收上报，成为责任单位。", ("escalated",), "under_review", (DISPATCHER,), tells=("town",)),
    Step("send_back", "退回镇街", "写明理由代码退回，只能一次；已有申请或市级指定的不得退回。", ("escalated", "under_review"), "town_handling", (DISPATCHER,),
         needs=("town_had_it", "no_application", "not_sent_back_before", "not_designated"), starts=("town_handling",), level=Level.TOWN),
    Step("seek_consent", "征求对方同意", "一方申请的，征求另一方是否同意调解。", ("under_review",), "awaiting_consent", (DISPATCHER,),
         needs=("application_on_file", "consent_still_missing"), papers=("consent_request",), tells=("hospitals",), article="条例第31条第1款"),
    Step("consent_given", "对方同意", "登记对方同意的凭据；审查期限不重新起算。", ("awaiting_consent",), "under_review", (DISPATCHER, LIAISON), article="条例第31条第1款"),
    Step("consent_refused", "对方拒绝", "对方拒绝，或两次通知后仍不答复。", ("awaiting_consent",), "closing", (DISPATCHER,),
         papers=("routes_notice",), tells=("hotline", "hospitals"), outcome="consent_refused", article="条例第31条第1款"),
    Step("accept", "受理", "双方自愿、途径不冲突、材料齐备，决定受理；30个工作日自受理之日起算。", ("under_review",), "awaiting_assignment", (DISPATCHER,),
         needs=("medical_dispute", "application_on_file", "application_confirmed", "consent_of_all", "patient_represented", "routes_declared", "required_papers"), starts=("mediation",),
         papers=("acceptance_notice", "rights_notice"), tells=("hospitals", "hotline", "town"), level=Level.CITY, article="条例第31条、第38条"),
    Step("refuse", "不予受理", "书面说明理由和依据。", ("under_review", "awaiting_consent"), "closing", (DISPATCHER,),
         needs=("application_on_file",), papers=("refusal_notice",), tells=("hotline", "hospitals"), outcome="refused", article="条例第31条第4款", danger=True, despite_route=True),
    # --- mediation -------------------------------------------------------------------------------------------------
    Step("assign", "分案", "指定一至三名调解员，其中一人主办。", ("awaiting_assignment",), "investigating", (DIRECTOR, DISPATCHER), tells=("mediators",), article="调解法第19条"),
    Step("start_appraisal", "委托鉴定", "双方共同委托，或经双方同意由医调委委托；鉴定期间停止计算调解期限。", ("investigating", "in_mediation"), "under_appraisal", (MEDIATOR,),
         stops=("mediation",), starts=("appraisal_reminder",), papers=("appraisal_entrustment",), tells=("hospitals",), article="条例第34条、第38条"),
    Step("finish_appraisal", "鉴定完成", "登记鉴定意见，或鉴定机构不予受理、委托撤回；期限继续计算。", ("under_appraisal",), "investigating", (MEDIATOR,),
         resumes=("mediation",), tells=("hospitals",), article="条例第36条、第38条"),
    Step("convene", "召开调解", "双方已签收权利义务告知书，通知到会。", ("investigating",), "in_mediation", (MEDIATOR,),
         needs=("consent_of_all", "rights_notices_signed"), warns=("appraisal_advised",), papers=("meeting_invitation",), tells=("hospitals",), article="调解法第23条；R06"),
    Step("draft_agreement", "拟定协议", "当事人、事实与争议、各方责任、内容、方式、地点、期限齐全。", ("in_mediation",), "agreement_drafted", (MEDIATOR,),
         needs=("consent_of_all", "patient_represented"), papers=("mediation_agreement",), tells=("hospitals",), article="条例第39条；调解法第29条"),
    Step("redraft", "重新协商", "协议未签成，回到调解；待签文本作废留号。", ("agreement_drafted",), "in_mediation", (MEDIATOR,)),
    Step("conclude", "协议生效", "患方、医方、调解员签名和医调委盖章四项齐备，最后一项完成之日生效。", ("agreement_drafted",), "performing", (MEDIATOR,),
         needs=("four_marks",), starts=("judicial_confirmation",), papers=("mediation_agreement", "confirmation_notice"), tells=("hospitals", "hotline"), outcome="settled", article="条例第39条；R17", after=("agreement_drawn_up",)),
    Step("refuse_mediation", "一方拒绝", "一方明确表示不接受或终止调解，无须任何人批准。", ("under_review", *MEDIATING), "closing", (DISPATCHER, MEDIATOR),
         papers=("routes_notice",), tells=("hotline", "hospitals"), outcome="party_refused", article="调解法第17条、第23条、第26条"),
    Step("fail", "调解不成", "写明原因，告知其他解决途径。", MEDIATING, "closing", (MEDIATOR, DISPATCHER),
         papers=("failure_notice",), tells=("hotline", "hospitals"), outcome="failed", article="调解法第26条", danger=True),
    Step("lapse", "期满", "30个工作日届满未达成协议，视为调解不成，待主任确认。", tuple(s for s in MEDIATING if s != "under_appraisal"), "lapsed", (TIME,),
         needs=("mediation_period_over", "not_signed_by_both"), tells=("mediators", "supervisor"), article="条例第38条"),
    Step("confirm_lapse", "确认视为不成", "核对期限账后确认。", ("lapsed",), "closing", (DIRECTOR,),
         papers=("routes_notice",), tells=("hotline", "hospitals"), outcome="deemed_failed", article="条例第38条"),
    Step("restore", "更正期满", "届满前已有延期约定或双方签名，或日历更正；回到原状态。", ("lapsed",), "", (DIRECTOR,), extends=("mediation",), tells=("mediators",), returns=True),
    Step("terminate", "终止", "法院或卫健部门已经受理，必须终止。", MEDIATING, "closing", (DIRECTOR,),
         needs=("another_route_accepted",), papers=("termination_notice",), tells=("hotline", "hospitals"), outcome="terminated", article="条例第31条第4款", danger=True, despite_route=True),
    # --- after the agreement ---------------------------------------------------------------------------------------
    Step("performed", "履行完毕", "各期款项付清，其他约定事项完成（提存视为履行）。", ("performing",), "follow_up", (MEDIATOR, TOWN), needs=("instalments_paid",)),
    Step("default", "未履行", "督促后仍不履行，告知申请强制执行或起诉的途径。", ("performing",), "closing", (MEDIATOR, TOWN),
         needs=("urging_logged",), after=("state_entered", "first_urged"), papers=("routes_notice",), tells=("hotline", "hospitals"), outcome="not_performed", article="调解法第31条", danger=True),
    Step("confirmation_dismissed", "司法确认驳回", "登记法院裁定；可另行调解或起诉。", ("performing", "follow_up"), "closing", (MEDIATOR, TOWN),
         needs=("confirmation_possible",), tells=("hospitals",), outcome="confirmation_dismissed", article="调解法第33条"),
    Step("visit", "完成回访", "写明人员、时间、方式和结果；三次未联系上也可结束。", ("follow_up",), "closing", (MEDIATOR, TOWN), papers=("follow_up_record",), article="R21"),
    Step("withdraw", "撤回申请", "唯一申请人或全体申请人撤回；受理前记录来电，受理后须有签名的书面请求。",
         (*BEFORE_ACCEPTANCE, *MEDIATING), "closing", (OPERATOR, TOWN, DISPATCHER, MEDIATOR, DIRECTOR), tells=("hotline", "hospitals"), outcome="withdrawn", article="调解法第23条", by_keeper=True),
    Step("close", "结案", "本结果必备的卷宗材料齐备或已说明，卷宗封存，确定保管期限。", ("closing",), "closed", (DIRECTOR, TOWN, OPERATOR),
         needs=("dossier_submitted", "dossier_complete"), papers=("dossier_cover", "dossier_catalogue", "dossier_back_cover"), tells=("hotline", "hospitals"), article="调解法第27条；R32", despite_route=True),
)}

ACTIONS: dict[str, Step] = {step.name: step for step in (
    Step("log_contact", "联系记录", "与谁、何时、用什么方式联系，结果如何。", ANYWHERE, "", (OPERATOR, TOWN, DISPATCHER, MEDIATOR, DIRECTOR), despite_route=True),
    Step("extend_handling", "镇街延期", "镇街处置期限延长一次，写明理由。", ("town_handling",), "", (TOWN,), needs=("handling_not_extended",), extends=("town_handling",), after=("state_entered",)),
    Step("record_application", "登记申请", "登记书面或口头申请；口头申请须有本人签名确认的记录。", ("under_review",), "", (DISPATCHER,),
         needs=("no_application",), starts=("review",), papers=("application_receipt",), article="条例第31条第2款"),
    Step("record_consent", "登记同意", "登记任何一方同意调解的时间、方式和凭据；受理后变更当事人的，重新登记。", ("under_review", "awaiting_consent", *MEDIATING), "", (DISPATCHER, MEDIATOR, LIAISON), article="条例第31条第1款"),
    Step("declare_routes", "互斥声明", "双方声明法院、卫健部门是否已经受理。", ("under_review", "awaiting_consent", *MEDIATING), "", (DISPATCHER, MEDIATOR, DIRECTOR), article="条例第31条第4款", despite_route=True),
    Step("request_papers", "要求补正", "列明缺少的材料和补交期限。", ("under_review",), "", (DISPATCHER,), papers=("papers_request",), tells=("hospitals",), after=("state_entered",)),
    Step("serve_notice", "送达", "登记文书送达的方式、日期和凭据。", OPEN, "", (DISPATCHER, MEDIATOR, DIRECTOR, TOWN), despite_route=True, by_keeper=True),
    Step("sign_rights_notice", "签收权利义务告知", "登记一方签收权利义务告知书。", ("under_review", *MEDIATING), "", (DISPATCHER, MEDIATOR), article="R06", after=("application_received",)),
    Step("reassign", "更换调解员", "调解员缺席，或当事人提出异议（除非撤回，应当更换）。", tuple(s for s in MEDIATING if s != "awaiting_assignment"), "", (DIRECTOR,), tells=("mediators",), article="调解法第23条", after=("first_assigned",)),
    Step("substitute_party", "变更当事人", "死亡、丧失行为能力或合并：登记证明和新的代理人，重新征求同意并告知权利。", OPEN, "", (OPERATOR, TOWN, DISPATCHER, MEDIATOR), article="民法典第1181条", by_keeper=True),
    Step("sever", "分出", "其中一家医院或一项请求谈不拢，另立关联案件。", ("under_review", "awaiting_consent", *MEDIATING), "", (DISPATCHER, MEDIATOR), needs=("several_hospitals",), tells=("hospitals",)),
    Step("extend", "延期", "医调委与双方书面约定，须在届满前签署。", MEDIATING, "", (DIRECTOR,), extends=("mediation",), tells=("mediators", "hospitals"), article="条例第38条"),
    Step("record_investigation", "调查笔录", "向谁调查、何时何地、内容和签名。", ("investigating", "under_appraisal", "in_mediation"), "", (MEDIATOR,), papers=("investigation_record",), after=("first_assigned",)),
    Step("record_meeting", "调解笔录", "到会人员、过程、结果。", ("in_mediation",), "", (MEDIATOR,), needs=("rights_notices_signed",), papers=("meeting_record",), after=("first_assigned", "rights_notices_all_signed", "first_convened")),
    Step("add_paper", "登记材料", "登记收到的材料，原件复印件、页数和提交人。", ANYWHERE, "", (OPERATOR, TOWN, DISPATCHER, MEDIATOR, DIRECTOR, LIAISON), despite_route=True),
    Step("mark", "签署登记", "登记患方、医方、调解员签名或医调委盖章中的一项，附签署件。", ("agreement_drafted",), "", (MEDIATOR, DIRECTOR), article="条例第39条", after=("agreement_drawn_up",)),
    Step("amend", "补充协议", "双方就履行另行约定，重新签署。", ("performing",), "", (MEDIATOR,), needs=("committee_agreement", "patient_represented"), article="条例第39条"),
    Step("record_payment", "登记付款", "登记一期款项的实际付款日和凭证。", ("performing", "follow_up", "closing", "closed"), "", (MEDIATOR, TOWN), by_keeper=True, after=("agreement_took_effect",)),
    Step("submit_dossier", "提交卷宗", "逐项确认卷宗清单，缺少的说明原因；从未分案的由受理员提交。", ("closing",), "", (MEDIATOR, DISPATCHER), needs=("committee_case",), article="调解法第27条", despite_route=True, after=("state_entered",)),
    Step("visit_again", "再次回访", "结案后继续回访的，写明人员、时间、方式和结果。", ("closing", "closed"), "", (MEDIATOR, TOWN), needs=("was_visited",), article="R21", by_keeper=True),
    Step("unlink", "取消并案", "并案有误的，另立新案继续办理，随案转走的工单一并转回；原案卷宗不变。", ("closed",), "", (OPERATOR, TOWN, DISPATCHER), needs=("joined_another",)),
    Step("correct", "更正", "更正登记错误，写明理由；原值加密保留。", ANYWHERE, "", (OPERATOR, TOWN, DISPATCHER, MEDIATOR, DIRECTOR), despite_route=True, by_keeper=True),
    Step("reveal", "查看原文", "查看隐去的姓名、电话或证件号，写明理由并留痕。", ANYWHERE, "", (OPERATOR, TOWN, DISPATCHER, MEDIATOR, DIRECTOR, LIAISON, SUPERVISOR), despite_route=True),
    Step("recount", "重算期限", "节假日安排公布后重新计算期限。", OPEN, "", (TIME,), despite_route=True),
    Step("absorb", "并入", "他案并入本案，其12345工单随之转来。", OPEN, "", (TIME,), despite_route=True),
)}

STEPS: dict[str, Step] = TRANSITIONS | ACTIONS
REGISTER = Step("register", "登记", "登记一件医疗纠纷。", (), INITIAL, (OPERATOR, TOWN, DISPATCHER))

CLOCKS: dict[str, str] = {
    "triage": "登记分派", "town_sign_for": "镇街签收", "first_contact": "首次联系", "town_handling": "镇街处置",
    "take_over": "接收上报", "review": "受理审查", "consent": "征求同意", "assignment": "分案", "mediation": "调解期限",
    "appraisal_reminder": "鉴定提醒", "lapse_confirmation": "确认期满", "judicial_confirmation": "司法确认", "performance": "履行",
    "follow_up": "回访", "closing": "结案审查",
}
OUTCOMES: dict[str, str] = {
    "resolved_by_town": "解释化解", "settled_by_town": "就地和解", "mediated_by_town": "镇街人民调解", "settled": "调解成功", "partly_settled": "部分达成",
    "failed": "调解不成", "deemed_failed": "视为调解不成", "refused": "不予受理", "terminated": "终止", "withdrawn": "撤回申请", "consent_refused": "对方不同意调解",
    "party_refused": "一方拒绝调解", "dropped": "无法继续", "duplicate": "并入他案", "diverted": "转其他途径", "not_performed": "达成后未履行", "confirmation_dismissed": "司法确认驳回",
}
# fmt: on
