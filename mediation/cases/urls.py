"""Addresses of the case pages. A step's address is the step's own name."""

from django.urls import path
from django.views.generic import RedirectView

from mediation.cases.pages import detail, files, lists, notices, register, steps

app_name = "cases"
urlpatterns = [
    path("", RedirectView.as_view(url="/desk/"), name="home"),
    path("desk/", lists.desk, name="desk"),
    path("desk/sheet/", lists.day_sheet, name="sheet"),
    path("search/", lists.search, name="search"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="read_all"),
    path("notices/<int:pk>/", notices.open_notice, name="notice"),
    path("cases/", lists.case_list, name="list"),
    path("cases/export/", files.export, name="export"),
    path("cases/new/", register.new_case, name="new"),
    path("cases/new/draft/", register.register_draft, name="new_draft"),
    path("cases/new/similar/", register.similar, name="similar"),
    path("cases/<str:number>/", detail.detail, name="detail"),
    path("cases/<str:number>/tab/<slug:tab>/", detail.detail, name="tab"),
    path("cases/<str:number>/print/", detail.print_view, name="print"),
    path("cases/<str:number>/ledger/<slug:clock>/", detail.ledger, name="ledger"),
    path("cases/<str:number>/papers/<uuid:uid>/", files.paper, name="paper"),
    path("cases/<str:number>/<slug:name>/", steps.step, name="step"),
    path("cases/<str:number>/<slug:name>/draft/", steps.draft, name="draft"),
]
