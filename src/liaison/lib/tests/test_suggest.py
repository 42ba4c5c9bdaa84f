"""A mistyped word is answered with the word that exists, as it is written."""

from liaison.lib.suggest import did_you_mean

SETTINGS = ("LIAISON_HOME", "LIAISON_HOSTS", "LIAISON_ADDRESS")


def test_the_suggestion_is_written_as_the_known_word_is() -> None:
    assert did_you_mean("liaison_home", SETTINGS) == "Did you mean 'LIAISON_HOME'?"


def test_what_all_known_words_begin_with_makes_none_of_them_near() -> None:
    assert did_you_mean("LIAISON_XY", SETTINGS, beginning="LIAISON_").startswith("Known: LIAISON_HOME, ")


def test_a_word_is_near_by_what_follows_the_common_beginning() -> None:
    assert did_you_mean("LIAISON_HOEM", SETTINGS, beginning="LIAISON_") == "Did you mean 'LIAISON_HOME'?"
