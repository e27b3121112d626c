"""Addresses of issued papers."""

from django.urls import path

from mediation.documents.pages import document

app_name = "documents"
urlpatterns = [path("cases/<str:number>/documents/<uuid:uid>/", document, name="document")]
