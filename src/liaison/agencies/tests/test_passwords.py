"""A long password may still be an easy one."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests.cast import Member


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword", "123456789012345678", "aaaaaaaaaaaaaaa", "Password1234567!", "qwertyuiopasdfghjkl",
        "abcdefghijklmnop", "letmeinletmeinletmein", "abababababababab", "2026-11-28-2026-11", "Warsaw Officer 2026",
        "warsawofficer2026!", "ncb-warsaw-officer",
    ],
)  # fmt: skip
def test_an_easy_password_is_refused_however_long_it_is(warsaw_officer: Member, password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, warsaw_officer.officer)


@pytest.mark.parametrize(
    "password",
    [
        "mild rivers carry slow barges", "żółte łódki płyną nocą", "قارب بطيء ونهر هادئ", "xK9#vmQ2$wLp7!rT",
        "four horses in Warsaw rain",
    ],
)  # fmt: skip
def test_a_good_password_is_taken(warsaw_officer: Member, password: str) -> None:
    validate_password(password, warsaw_officer.officer)
