"""Two other ways to carry a case: bare ORM writes, and django-viewflow with gates and guardian as its makers mean it."""
