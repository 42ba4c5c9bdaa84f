"""A small invented world: bureaux, officers, records and checks, always the same from one seed.

Pure generators; nothing here knows Django, a database or a clock.  Every person,
document, vehicle and vessel is invented, and every number lies where no
authority issues any (`numbers.py` says why).
"""
