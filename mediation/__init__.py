"""People, papers and pages of medical-dispute mediation; the law itself lives in ``workflow``."""

import warnings

# django-fsm 3 announces its successor at every import. The pin below 4 is deliberate (docs/adr/0002): the
# announcement would turn every run with ``-W error`` red.
warnings.filterwarnings("ignore", message=r"The 'django-fsm' package", category=UserWarning)
# openpyxl remarks on styles and names that it does not know, quoting the workbook. Silenced here, for good: the filters
# belong to the whole process, and `catch_warnings` in one thread puts back what another has changed meanwhile.
warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
