"""A demonstration year: invented people whose disputes are performed through the door, step by step, day by day.

``people`` opens the accounts, ``texts`` invents patients and what happened to them, ``script`` says what a story is,
``props`` what is handed over at each step, ``passages`` the sequences that stories share, ``stories`` and ``year`` the
stories themselves, ``orders`` those of the hotline, and ``theatre`` performs them all. Chance is a seed, time is an
argument: the same seed and day give the same result.
"""
