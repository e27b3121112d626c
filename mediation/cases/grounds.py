"""The coded reasons that steps ask for. Codes go into the record; the words beside them stay sealed."""

from __future__ import annotations

from django.db.models import TextChoices


class DispatchBasis(TextChoices):
    """Why this town (粤府令186号第4条): the hospital's, else of occurrence, of residence, or as the city designates."""

    HOSPITAL = "hospital", "医疗机构所在地"
    OCCURRENCE = "occurrence", "发生地"
    RESIDENCE = "residence", "患者居住地"
    DESIGNATED = "designated", "市级指定"


class RedirectReason(TextChoices):
    WRONG_TOWN = "wrong_town", "派错镇街"
    SEVERAL_HOSPITALS = "several_hospitals", "涉及多家医院，由一个镇街牵头"
    DECLINED = "declined", "镇街之间有争议"
    OTHER = "other", "其他"


class DivertGround(TextChoices):
    NOT_MEDICAL = "not_medical", "不是医疗纠纷"
    OUTSIDE = "outside", "不在本市"
    COURT = "court", "人民法院已受理"
    BUREAU = "bureau", "卫生健康部门已受理"


class DropGround(TextChoices):
    ANONYMOUS = "anonymous", "匿名且没有联系方式"
    UNREACHABLE = "unreachable", "无法联系"
    GUIDED_IN_VAIN = "guided_in_vain", "多次引导仍不申请"


class DeclineReason(TextChoices):
    NOT_OUR_TOWN = "not_our_town", "医疗机构不在本镇街"
    NOT_MEDICAL = "not_medical", "不属于医疗纠纷"
    BELONGS_TO_CITY = "belongs_to_city", "属市级直接办理"
    OTHER = "other", "其他"


class EscalationReason(TextChoices):
    MAJOR = "major", "重大纠纷"
    NO_AGREEMENT = "no_agreement", "双方分歧大，镇街调处不成"
    ABOVE_LIMIT = "above_limit", "金额超过公立医院自行协商限额"
    EXPERTISE = "expertise", "专业性强，需要专家或鉴定"
    SEVERAL_PLACES = "several_places", "涉及多家医院或多个镇街"
    REPEATED = "repeated", "多次投诉、信访"
    UNREST = "unrest", "有扰乱秩序或舆情风险"
    PERIOD_OVER = "period_over", "镇街期限届满"
    OTHER = "other", "其他"


class MajorTrigger(TextChoices):
    """What makes a dispute a major one: no national definition, the list is local (law.md 5.4)."""

    DEATH = "death", "死亡"
    SEVERE = "severe", "重度伤残或疑似"
    SEVERAL_HARMED = "several_harmed", "多人受害"
    VULNERABLE = "vulnerable", "孕产妇、新生儿或未成年人"
    VIOLENCE = "violence", "暴力、威胁或围堵"
    GATHERING = "gathering", "人员聚集"
    MEDIA = "media", "媒体、网络关注"
    CLAIM = "claim", "索赔金额大"
    SEVERAL_PLACES = "several_places", "跨镇街或多家医院"
    REPEATED = "repeated", "多次投诉、信访"


class SendBackReason(TextChoices):
    INCOMPLETE = "incomplete", "材料不全"
    NOT_COMPETENT = "not_competent", "管辖不符"
    LOCAL = "local", "可以就地化解"
    DUPLICATE = "duplicate", "重复"
    OTHER = "other", "其他"


class RefusalGround(TextChoices):
    COURT = "court", "人民法院已经受理"
    BUREAU = "bureau", "卫生健康部门已经受理行政调解"
    NOT_DISPUTE = "not_dispute", "不是诊疗活动引起的医疗纠纷"
    OUTSIDE = "outside", "医疗机构不在本市"
    NO_CONSENT = "no_consent", "另一方不同意调解"
    NO_STANDING = "no_standing", "申请人不是纠纷当事人"
    PAPERS = "papers", "要求补正后仍未补齐必备材料"
    SETTLED = "settled", "已有生效的裁判、仲裁或协议"

    @property
    def article(self) -> str:
        """The article that the written refusal names (R05)."""
        return _ARTICLES[self]


_ARTICLES = {
    RefusalGround.COURT: "《医疗纠纷预防和处理条例》第三十一条第四款",
    RefusalGround.BUREAU: "《医疗纠纷预防和处理条例》第三十一条第四款",
    RefusalGround.NOT_DISPUTE: "《医疗纠纷预防和处理条例》第二条",
    RefusalGround.OUTSIDE: "《医疗纠纷预防和处理条例》第三十一条第一款",
    RefusalGround.NO_CONSENT: "《医疗纠纷预防和处理条例》第三十一条第一款",
    RefusalGround.NO_STANDING: "《医疗纠纷预防和处理条例》第二条、第三十一条第一款",
    RefusalGround.PAPERS: "《医疗纠纷预防和处理条例》第三十一条第二款",
    RefusalGround.SETTLED: "《医疗纠纷预防和处理条例》第二十二条、第三十一条",
}


class Answer(TextChoices):
    """How the other side declined to take part."""

    REFUSED = "refused", "明确拒绝"
    SILENT = "silent", "两次通知后不答复"


class Substitution(TextChoices):
    """Why somebody else takes a party's place, or joins (民法典 1181, 24, 67, 165)."""

    DEATH = "death", "当事人死亡，由近亲属承继"
    INCAPACITY = "incapacity", "丧失或缺乏行为能力，由监护人代理"
    MERGER = "merger", "医疗机构合并、分立，由承继单位参加"
    JOINS = "joins", "追加共同权利人"
    PROXY = "proxy", "委托或更换代理人"
