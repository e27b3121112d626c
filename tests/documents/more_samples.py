"""The notices and records among the invented papers."""

from datetime import date, datetime
from decimal import Decimal

from mediation.documents import contexts
from mediation.documents.contexts import PaperContext
from tests.documents.samples import CONTACT, MATTER, PAPERS, ROUTES, SHANGHAI, TOWN, common, say

PATIENT_NAME, HOSPITAL_NAME = "陈示例", "东莞市高埗示例医院"


def notices() -> dict[str, PaperContext]:
    """The letters, notices and receipts."""
    sides = {"applicant": PATIENT_NAME, "respondent": HOSPITAL_NAME}
    return {
        "acceptance_notice": contexts.AcceptanceNotice(
            **common("东医调受〔2026〕31号"),
            **sides,
            **CONTACT,
            addressee=f"{PATIENT_NAME}、{HOSPITAL_NAME}",
            matter="2026年1月在普通外科住院手术",
            applied_on=date(2026, 2, 26),
            accepted_on=date(2026, 3, 2),
            due_on=date(2026, 4, 14),
            papers=PAPERS,
            papers_due_on=date(2026, 3, 9),
        ),
        "rights_notice": contexts.RightsNotice(
            **common(),
            party=PATIENT_NAME,
            standing="申请人、患方",
            respondent=HOSPITAL_NAME,
            mediators=("林示例", "何示例"),
        ),
        "refusal_notice": contexts.RefusalNotice(
            **common("东医调不受〔2026〕2号"),
            addressee=PATIENT_NAME,
            respondent=HOSPITAL_NAME,
            matter="医疗纠纷",
            applied_on=date(2026, 2, 26),
            bureau="东莞市卫生健康局",
            reason="您已就同一纠纷向人民法院提起诉讼，法院已于2026年2月20日受理",
            article="《医疗纠纷预防和处理条例》第三十一条第四款",
        ),
        "consent_request": contexts.ConsentRequest(
            **common("东医调函〔2026〕18号"),
            **CONTACT,
            addressee=HOSPITAL_NAME,
            applicant=PATIENT_NAME,
            applied_on=date(2026, 2, 26),
            matter=MATTER,
            request="赔偿医疗费、误工费、残疾赔偿金等共计人民币38万元",
            attempt=2,
            reply_by=date(2026, 3, 9),
        ),
        "papers_request": contexts.PapersRequest(
            **common("东医调补〔2026〕9号"),
            **CONTACT,
            addressee=PATIENT_NAME,
            applied_on=date(2026, 2, 26),
            matter=MATTER,
            papers=PAPERS,
            due_on=date(2026, 3, 6),
            working_days=5,
        ),
        "routes_notice": contexts.RoutesNotice(
            **common("东医调告〔2026〕6号"), **ROUTES, reason="对方在两次征求意见后均未答复，视为不同意调解"
        ),
        "failure_notice": contexts.FailureNotice(
            **common("东医调终告〔2026〕5号"),
            **ROUTES,
            accepted_on=date(2026, 3, 2),
            reason="经调解，双方对责任比例和赔偿数额分歧较大，未能达成调解协议",
            article="《中华人民共和国人民调解法》第二十六条、《医疗纠纷预防和处理条例》第三十八条",
        ),
        "termination_notice": contexts.TerminationNotice(
            **common("东医调终〔2026〕1号"),
            addressee=f"{PATIENT_NAME}、{HOSPITAL_NAME}",
            respondent=HOSPITAL_NAME,
            matter="医疗纠纷",
            accepted_on=date(2026, 3, 2),
            authority="东莞市第三人民法院",
            authority_case_number="（2026）粤1973民初0000号（示例）",
            authority_accepted_on=date(2026, 3, 20),
            ended_on=date(2026, 3, 23),
        ),
        "appraisal_entrustment": contexts.AppraisalEntrustment(
            **common("东医调鉴〔2026〕4号"),
            **CONTACT,
            institution="示例司法鉴定中心",
            is_joint=False,
            patient=PATIENT_NAME,
            patient_name=PATIENT_NAME,
            patient_sex="女",
            patient_age=46,
            hospitals=(HOSPITAL_NAME,),
            summary="患者因胆囊结石伴慢性胆囊炎于2026年1月14日行腹腔镜胆囊切除术，术后发生胆总管损伤，1月18日转院行胆肠吻合术。",
            questions=(
                "东莞市高埗示例医院的诊疗行为是否存在过错",
                "过错与患者胆总管损伤及后续手术之间是否存在因果关系及原因力大小",
                "患者的伤残等级以及误工期、护理期、营养期",
            ),
            materials=(
                contexts.Listed(name="东莞市高埗示例医院住院病历", quantity="1份", pages="86页", note="双方确认无异议"),
                contexts.Listed(name="上级医院住院病历", quantity="1份", pages="112页", note="双方确认无异议"),
                contexts.Listed(name="影像资料光盘", quantity="2张", note="术前、术后各一张"),
            ),
            shares=(
                contexts.Share(payer=PATIENT_NAME, amount=Decimal("4500.00"), note="鉴定机构收费通知后五日内交纳"),
                contexts.Share(payer=HOSPITAL_NAME, amount=Decimal("4500.00"), note="同上"),
            ),
            consents=("患方2026年3月12日书面同意", "医方2026年3月13日书面同意"),
        ),
        "meeting_invitation": contexts.MeetingInvitation(
            **common("东医调会〔2026〕22号"),
            **CONTACT,
            addressee=PATIENT_NAME,
            matter=MATTER,
            starts_at=datetime(2026, 4, 8, 14, 30, tzinfo=SHANGHAI),
            place="东莞市南城街道示例路8号3楼第二调解室",
            mediators=("林示例", "何示例"),
            recorder="梁示例",
            agenda=("核对身份，告知权利义务", "双方陈述，核对鉴定意见", "协商赔偿方案"),
            bring=("身份证件", "医疗费用票据原件"),
        ),
        "confirmation_notice": contexts.ConfirmationNotice(
            **common("东医调确〔2026〕11号"),
            **CONTACT,
            addressee=f"{PATIENT_NAME}、{HOSPITAL_NAME}",
            agreement_number="东医调〔2026〕12号",
            effective_on=date(2026, 4, 15),
            last_day=date(2026, 5, 15),
            courts=("当事人住所地、本会所在地的基层人民法院", "东莞市第一人民法院"),
        ),
        "caller_reply": contexts.CallerReply(
            **common(issuer=TOWN),
            order_number="260220101108115409",
            received_at=datetime(2026, 2, 20, 10, 11, tzinfo=SHANGHAI),
            appeal_kind="投诉",
            caller="陈女士",
            matter="反映家属在高埗示例医院手术后出现胆管损伤，要求医院赔偿并给出说法。",
            reply="您反映的事项收悉。我们已于2月20日与您联系，2月23日到医院了解情况，2月25日组织双方协商一次，未能达成一致。\n"
            "经告知各种解决途径，您已申请由市医疗争议专业调解委员会调解，材料已于2月26日收到。",
            is_interim=True,
            next_step="调解委员会将在三个工作日内审查决定是否受理；受理后的进度可凭回执上的查询码查询",
            **CONTACT,
        ),
        "application_receipt": contexts.ApplicationReceipt(
            **common("东医调收〔2026〕40号"),
            applicant=PATIENT_NAME,
            respondent=HOSPITAL_NAME,
            patient_name=PATIENT_NAME,
            matter="请求调解患者在东莞市高埗示例医院住院手术产生的医疗纠纷，要求赔偿各项损失共计人民币38万元。",
            received_on=date(2026, 2, 26),
            papers=PAPERS,
            decide_by=date(2026, 3, 3),
            inquiry_code="7K3P-92QX",
            receiver="黎示例",
            contact_phone="0769-0000 0001",
        ),
    }


def records() -> dict[str, PaperContext]:
    """The written records and the dossier's own papers."""
    began, ended = datetime(2026, 3, 10, 9, 0, tzinfo=SHANGHAI), datetime(2026, 3, 10, 10, 20, tzinfo=SHANGHAI)
    patient = contexts.Attendant(name=PATIENT_NAME, standing="申请人", unit="患者本人")
    hospital = contexts.Attendant(name="周示例", standing="被申请人代理人", unit=HOSPITAL_NAME)
    return {
        "investigation_record": contexts.InvestigationRecord(
            **common(),
            matter=MATTER,
            began_at=began,
            ended_at=ended,
            place="东莞市高埗镇示例大道66号医患关系办公室",
            investigators=("林示例", "何示例"),
            recorder="梁示例",
            person="黄示例",
            person_details="男，39岁，东莞市高埗示例医院普通外科主治医师",
            utterances=say(
                (
                    "问",
                    "我们是调解委员会的调解员（出示证件），现就陈示例的医疗纠纷向您了解情况，请如实陈述。您听清楚了吗？",
                ),
                ("答", "听清楚了。"),
                ("问", "请说明1月14日手术的经过。"),
                (
                    "答",
                    (
                        "手术由我主刀，术中见胆囊三角粘连明显，分离时出血，止血后完成胆囊切除，放置引流管一根，术中未发现胆管损伤。\n"
                        "术后第二日病人诉腹痛，引流液呈淡黄色，当时考虑术后反应，给予对症处理并复查。"
                    ),
                ),
                ("问", "什么时候考虑胆管损伤？"),
                ("答", "1月18日上午病人皮肤黄染，急查磁共振胰胆管成像，提示胆总管损伤，当日联系上级医院转院。"),
                ("问", "对以上陈述有无补充？"),
                ("答", "没有。"),
            ),
        ),
        "meeting_record": contexts.MeetingRecord(
            **common(),
            matter=MATTER,
            session=2,
            began_at=datetime(2026, 4, 8, 14, 30, tzinfo=SHANGHAI),
            ended_at=datetime(2026, 4, 8, 17, 5, tzinfo=SHANGHAI),
            place="第二调解室",
            mediators=("林示例", "何示例"),
            recorder="梁示例",
            parties=(patient, hospital),
            invited=(contexts.Attendant(name="吴示例", standing="保险机构代表", unit="示例财产保险股份有限公司"),),
            objection="双方对调解员均无意见，不申请更换。",
            utterances=say(
                (
                    "调解员",
                    "现在核对到场人员身份。根据《中华人民共和国人民调解法》第二十三条、第二十四条，再次告知双方的权利和义务，是否清楚？",
                ),
                ("申请人", "清楚。"),
                ("被申请人", "清楚。"),
                ("调解员", "鉴定意见书已送达双方，结论为医方承担主要责任。双方有何意见？"),
                ("申请人", "对鉴定意见没有异议，要求按照鉴定意见赔偿。"),
                ("被申请人", "对鉴定意见没有异议，愿意按照主要责任承担。"),
                ("调解员", "请双方就赔偿项目逐项核对，票据已由双方确认。"),
            ),
            result="双方就赔偿数额和履行方式达成一致，同意签订人民调解协议书。",
        ),
        "follow_up_record": contexts.FollowUpRecord(
            **common(),
            parties=(PATIENT_NAME, HOSPITAL_NAME),
            agreement_number="东医调〔2026〕12号",
            matter="了解协议履行情况",
            visited_at=datetime(2026, 5, 20, 10, 0, tzinfo=SHANGHAI),
            manner="电话",
            person="陈大文（申请人之子）",
            performance="两期款项共100,500元已分别于4月22日、5月13日到账，收条已交医院。",
            satisfaction="对调解过程没有意见，希望复查时不用排队。",
            remaining="无。",
            visitors=("林示例",),
        ),
        "dossier_cover": contexts.DossierCover(
            **common(),
            title="陈示例与东莞市高埗示例医院医疗纠纷案",
            file_number="（2026）东医人调字第12号",
            year=2026,
            kind="医疗纠纷",
            mediators=("林示例", "何示例"),
            began_on=date(2026, 3, 2),
            ended_on=date(2026, 5, 22),
            outcome="达成协议，已履行",
            filed_by="梁示例",
            filed_on=date(2026, 5, 25),
            checked_by="徐示例",
            retention="30年",
            pages=118,
        ),
        "dossier_back_cover": contexts.DossierBackCover(
            **common(),
            file_number="（2026）东医人调字第12号",
            remarks=("缺授权委托书：双方均由本人和负责人到会，无须委托。",),
            filed_by="梁示例",
            filed_on=date(2026, 5, 25),
            checked_by="徐示例",
            pages=118,
        ),
        "dossier_catalogue": contexts.DossierCatalogue(
            **common(),
            file_number="（2026）东医人调字第12号",
            items=(
                contexts.DossierItem(title="人民调解申请书", pages="1-2"),
                contexts.DossierItem(title="申请收件回执", number="东医调收〔2026〕40号", pages="3"),
                contexts.DossierItem(title="受理通知书", number="东医调受〔2026〕31号", pages="4-5"),
                contexts.DossierItem(title="权利义务告知书", pages="6-9", note="双方各一份"),
                contexts.DossierItem(title="当事人身份证明", pages="10-14"),
                contexts.DossierItem(title="授权委托书", pages="15-16"),
                contexts.DossierItem(title="调查笔录", pages="17-20"),
                contexts.DossierItem(title="证据材料", pages="21-96", note="病历、票据、鉴定意见书"),
                contexts.DossierItem(title="调解笔录", pages="97-102"),
                contexts.DossierItem(title="人民调解协议书", number="东医调〔2026〕12号", pages="103-106"),
                contexts.DossierItem(title="司法确认告知书", number="东医调确〔2026〕11号", pages="107"),
                contexts.DossierItem(title="履行凭证", pages="108-111"),
                contexts.DossierItem(title="回访记录", pages="112"),
                contexts.DossierItem(title="期限计算台账", pages="113-115"),
                contexts.DossierItem(title="卷宗情况说明", pages="116"),
            ),
        ),
    }
