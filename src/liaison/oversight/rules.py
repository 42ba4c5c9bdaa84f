"""Decide who explains a check.

Pure: knows no database, clock or request.  Who controls is decided in `access.rules`.
"""


def may_explain(actor: str, agency: int, *, asker: str, duty: str, asker_agency: int) -> bool:
    """Let the officer who made the check explain it, and for a system those who administer its agency.

    >>> may_explain("officer:12", 5, asker="officer:12", duty="officer", asker_agency=5)
    True
    >>> may_explain("officer:12", 5, asker="officer:13", duty="administrator", asker_agency=5)
    False
    >>> may_explain("system:3", 5, asker="officer:13", duty="administrator", asker_agency=5)
    True
    """
    if actor.startswith("system:"):
        return duty == "administrator" and asker_agency == agency
    return actor == asker
