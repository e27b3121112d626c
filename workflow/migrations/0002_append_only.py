"""The database itself refuses to change or delete what is on record."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from workflow.append_only import guard, unguard


def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    guard(editor)


def backwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    unguard(editor)


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
