"""Addresses of the hotline's pages, below /orders/."""

from django.urls import path

from mediation.hotline.pages import imports, orders, turns

app_name = "hotline"
urlpatterns = [
    path("", orders.order_list, name="list"),
    path("new/", orders.new_order, name="new"),
    path("export/", turns.export, name="export"),
    path("import/", imports.upload, name="import"),
    path("import/sample/", imports.example, name="sample"),
    path("import/<int:pk>/", imports.report, name="report"),
    path("import/<int:pk>/columns/", imports.choose_columns, name="columns"),
    path("import/<int:pk>/take-in/", imports.take_in, name="take_in"),
    path("import/<int:pk>/progress/", imports.progress, name="progress"),
    path("import/<int:pk>/again/", imports.try_again, name="try_again"),
    path("import/<int:pk>/discard/", imports.discard, name="discard"),
    path("<int:pk>/", orders.order_page, name="order"),
    path("<int:pk>/wording/", orders.wording, name="wording"),
    path("<int:pk>/case/", turns.link, name="link"),
    path("<int:pk>/case/leave/", turns.unlink, name="unlink"),
    path("<int:pk>/reveal/", turns.reveal, name="reveal"),
    path("<int:pk>/same/<int:other>/", turns.judge, name="judge"),
    path("<int:pk>/<slug:name>/", turns.turn, name="turn"),
]
