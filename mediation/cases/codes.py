"""Code lists of the registration form.

Defaults built from the people's mediation forms, the hotline's practice and 民法典. What an entry is called, and whether
it is still offered, is data with an effective date (``codelists``); the codes themselves stay, because closed cases keep them.
"""

from __future__ import annotations

from django.db.models import TextChoices


class Source(TextChoices):
    HOTLINE = "hotline", "12345转办"
    PATIENT = "patient", "患方申请"
    HOSPITAL = "hospital", "医方申请"
    JOINT = "joint", "双方共同"
    PROACTIVE = "proactive", "主动介入"
    TOWN = "town", "镇街移送"
    BUREAU = "bureau", "卫健转送"
    POLICE = "police", "公安移交"
    COURT = "court", "法院委托"
    PETITION = "petition", "信访"
    INSURER = "insurer", "保险报案"
    OPINION = "opinion", "舆情"


class Category(TextChoices):
    MEDICAL_DISPUTE = "medical_dispute", "医疗纠纷（人身损害、死亡、知情同意、病历争议）"
    SERVICE = "service", "医疗服务投诉（态度、流程、等候）"
    QUALITY = "quality", "医疗质量"
    FEES = "fees", "医疗收费"
    ETHICS = "ethics", "医德医风"
    ILLEGAL = "illegal", "非法行医、虚假广告"
    RECORDS = "records", "病历复印、封存"
    INSURANCE = "insurance", "医保"
    OTHER = "other", "其他（非医疗）"


class Department(TextChoices):
    EMERGENCY = "emergency", "急诊"
    INTERNAL = "internal", "内科"
    SURGERY = "surgery", "外科"
    ORTHOPAEDICS = "orthopaedics", "骨科"
    NEUROSURGERY = "neurosurgery", "神经外科"
    GYNAECOLOGY = "gynaecology", "妇科"
    OBSTETRICS = "obstetrics", "产科"
    PAEDIATRICS = "paediatrics", "儿科、新生儿"
    OPHTHALMOLOGY = "ophthalmology", "眼科"
    ENT = "ent", "耳鼻喉科"
    STOMATOLOGY = "stomatology", "口腔科"
    DERMATOLOGY = "dermatology", "皮肤科"
    PSYCHIATRY = "psychiatry", "精神科"
    INFECTION = "infection", "感染科"
    TCM = "tcm", "中医科"
    REHABILITATION = "rehabilitation", "康复科"
    ANAESTHESIA = "anaesthesia", "麻醉科"
    ICU = "icu", "重症医学科"
    IMAGING = "imaging", "医学影像科"
    LABORATORY = "laboratory", "检验、病理科"
    PHARMACY = "pharmacy", "药学部"
    NURSING = "nursing", "护理"
    CHECKUP = "checkup", "体检"
    AESTHETICS = "aesthetics", "医疗美容科"
    OTHER = "other", "其他"


class Cause(TextChoices):
    MISDIAGNOSIS = "misdiagnosis", "误诊漏诊"
    DELAY = "delay", "延误治疗"
    OPERATION = "operation", "手术操作"
    COMPLICATION = "complication", "术后并发症"
    MEDICATION = "medication", "用药"
    TRANSFUSION = "transfusion", "输血、输液"
    NURSING = "nursing", "护理、跌倒、压疮"
    BIRTH = "birth", "产科损害"
    ANAESTHESIA = "anaesthesia", "麻醉"
    INFECTION = "infection", "院内感染"
    EXAMINATION = "examination", "检查检验"
    DEVICE = "device", "器械、耗材"
    CONSENT = "consent", "知情同意不足"
    RECORDS = "records", "病历问题"
    COMMUNICATION = "communication", "沟通、态度"
    FEES = "fees", "收费"
    TRANSFER = "transfer", "转诊、会诊"
    NATURAL = "natural", "意外、疾病自然转归"
    EXPECTATION = "expectation", "期望差异"
    OTHER = "other", "其他"


class Harm(TextChoices):
    DEATH = "death", "死亡"
    DISABILITY = "disability", "伤残"
    DISABILITY_PENDING = "disability_pending", "伤残待定"
    DYSFUNCTION = "dysfunction", "功能障碍"
    PROLONGED = "prolonged", "延长治疗"
    NEWBORN = "newborn", "胎儿、新生儿损害"
    PROPERTY = "property", "财产、费用"
    NONE = "none", "无明显损害"


class Demand(TextChoices):
    COMPENSATION = "compensation", "赔偿"
    REFUND = "refund", "退费"
    TREATMENT = "treatment", "后续治疗"
    APOLOGY = "apology", "道歉"
    EXPLANATION = "explanation", "解释"
    ACCOUNTABILITY = "accountability", "追责"
    RECORDS = "records", "病历、鉴定"
    OTHER = "other", "其他"


class Side(TextChoices):
    PATIENT = "patient", "患方"
    HOSPITAL = "hospital", "医方"
    BOTH = "both", "双方"


class PartyKind(TextChoices):
    PATIENT = "patient", "患者"
    CALLER = "caller", "来电人"
    RELATIVE = "relative", "近亲属"
    HEIR = "heir", "继承人"
    GUARDIAN = "guardian", "监护人"
    AGENT = "agent", "委托代理人"
    HOSPITAL_AGENT = "hospital_agent", "医方代理人"


class Sex(TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"
    UNKNOWN = "unknown", "未说明"


class Form(TextChoices):
    WRITTEN = "written", "书面"
    ORAL = "oral", "口头（记录并签名确认）"


class Means(TextChoices):
    PHONE = "phone", "电话"
    VISIT = "visit", "上门、现场"
    OFFICE = "office", "来访"
    LETTER = "letter", "书面、邮寄"
    MESSAGE = "message", "短信、微信"
    VIDEO = "video", "视频"


class Route(TextChoices):
    COURT = "court", "人民法院"
    BUREAU = "bureau", "卫生健康行政部门"


class RouteAnswer(TextChoices):
    NONE = "none", "未起诉、未申请"
    FILED = "filed", "已提出，尚未受理"
    ACCEPTED = "accepted", "已经受理"


class Chosen(TextChoices):
    APPOINTED = "appointed", "医调委指定"
    BY_PARTIES = "by_parties", "当事人选定"


class Replacement(TextChoices):
    ABSENCE = "absence", "缺席、请假"
    OBJECTION = "objection", "当事人提出异议"
    CONFLICT = "conflict", "利害关系"


class Retention(TextChoices):
    TEN = "10", "10年"
    THIRTY = "30", "30年"
    PERMANENT = "permanent", "永久"


class PaperKind(TextChoices):
    APPLICATION = "application", "调解申请书（或口头申请记录）"
    IDENTITY = "identity", "当事人身份证明"
    PROXY = "proxy", "授权委托书"
    KINSHIP = "kinship", "亲属关系证明"
    CONSENT = "consent", "同意调解凭据"
    ROUTES = "routes", "互斥声明"
    RIGHTS = "rights", "权利义务告知书（签收）"
    RECORDS = "records", "病历"
    FEES = "fees", "票据"
    EVIDENCE = "evidence", "其他证据"
    APPRAISAL = "appraisal", "鉴定委托、意见书"
    EXTENSION = "extension", "延期约定"
    RECORD = "record", "签字的笔录"
    AGREEMENT = "agreement", "签署的协议书"
    PAYMENT = "payment", "履行凭证"
    VISIT = "visit", "回访记录"
    CONFIRMATION = "confirmation", "司法确认材料"
    SERVICE = "service", "送达凭据"
    WITHDRAWAL = "withdrawal", "撤回申请"
    OTHER = "other", "其他"


class Copy(TextChoices):
    ORIGINAL = "original", "原件"
    COPY = "copy", "复印件"
    ELECTRONIC = "electronic", "电子件"
