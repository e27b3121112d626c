"""What gunicorn serves. A machine that cannot make a paper does not serve at all."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediation.settings")

application = get_wsgi_application()

from django.conf import settings  # noqa: E402  needs the application

from mediation.startup import refuse_if_incomplete  # noqa: E402  needs the settings

refuse_if_incomplete()
import_module(settings.ROOT_URLCONF)  # pages and forms too are there before the first thread asks for one
