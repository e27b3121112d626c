"""What ``make bench`` measures with, and the opponents that the product is measured against. Never installed with it."""
