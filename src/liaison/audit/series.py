"""In which series of numbers an entry of the register stands, and so who can know that it is there.

The ordinary series is numbered without gaps.  What an agency does about its
restrictions is confidential itself (RPD 58): such entries have numbers of
their own, so that in what all others read nothing is missing and no gap tells.
"""

_FIRST_CONFIDENTIAL = 1 << 60
_LENGTH = 1 << 32


def series(confidential_to: int = 0) -> range:
    """Return the numbers of the entries that only this agency's people read; with 0, of all other entries.

    >>> series().start, series(7).start == series().stop + 7 * 2**32 + 1
    (1, True)
    """
    if not confidential_to:
        return range(1, _FIRST_CONFIDENTIAL)
    base = _FIRST_CONFIDENTIAL + confidential_to * _LENGTH
    return range(base + 1, base + _LENGTH)


def agency_of(number: int) -> int:
    """Return whose confidential series a number is of; 0 for the ordinary one.

    >>> agency_of(series(7).start), agency_of(12)
    (7, 0)
    """
    return 0 if number in series() else (number - _FIRST_CONFIDENTIAL) // _LENGTH


def written(number: int) -> str:
    """Return the number of an entry as people read it, such as "12", or "C12" in a confidential series."""
    return str(number) if number in series() else f"C{number % _LENGTH}"
