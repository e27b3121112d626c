"""People, papers and pages of medical-dispute mediation; the law itself lives in ``workflow``."""

import warnings

# django-fsm 3 announces its successor at every import. The pin below 4 is deliberate (docs/adr/0002): the
# announcement would turn every run with ``-W error`` red.
warnings.filterwarnings("ignore", message=r"The 'django-fsm' package", category=UserWarning)
