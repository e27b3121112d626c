"""Every address of the site."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import TemplateView

from mediation.health import healthz, readyz
from mediation.sessions import session_clock

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("login/", login_not_required(auth_views.LoginView.as_view()), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("session/", session_clock, name="session_clock"),
    path("account/password/", auth_views.PasswordChangeView.as_view(success_url="/"), name="password_change"),
    path("help/", TemplateView.as_view(template_name="help.html"), name="help"),
    path("admin/", admin.site.urls),
    path("orders/", include("mediation.hotline.urls")),
    path("oversight/", include("mediation.oversight.urls")),
    path("", include("mediation.documents.urls")),
    path("", include("mediation.cases.urls")),
]
handler400 = "mediation.errors.bad_request"
handler403 = "mediation.errors.forbidden"
handler404 = "mediation.errors.not_found"
handler500 = "mediation.errors.server_error"
