"""The English details of problems and the notes of answers that people meet most, as sentences with places for values.

The API and the command line say them in English, and receipts keep them so.
`saying.py` recognises them by their fixed words and says them in the language
of the reader.  A sentence that is not here is said by what its code means.
"""

from django.utils.translation import gettext_noop as _

DETAILS: tuple[str, ...] = (
    # Of a machine-readable zone: liaison.checks.mrz.
    _("Line %(line)s, position %(position)s: %(read)s was read as %(taken)s."),
    _("The names fill their line: more of them may stand on the document."),
    _("The text has %(count)s characters: paste the machine-readable zone only."),
    _(
        "Line %(line)s has '%(character)s' at position %(position)s: only A-Z, 0-9 and '<' stand in a "
        "machine-readable zone."
    ),
    _(
        "The text has %(count)s characters: a zone has 88 (passport, 2 lines of 44), 72 (2 lines of 36) or 90 "
        "(identity card, 3 lines of 30)."
    ),
    _("The text has %(count)s lines: a zone has 2 or 3; leave out what is above it."),
    _("Line %(line)s has %(count)s characters and should have %(wanted)s: scan or type it again."),
    _(
        "The check digit of the document number (line %(line)s, position %(position)s) is '%(found)s' and %(expected)s "
        "was expected: compare the zone with the document and scan or type it again."
    ),
    _(
        "The check digit of the date of birth (line %(line)s, position %(position)s) is '%(found)s' and %(expected)s "
        "was expected: compare the zone with the document and scan or type it again."
    ),
    _(
        "The check digit of the date of expiry (line %(line)s, position %(position)s) is '%(found)s' and %(expected)s "
        "was expected: compare the zone with the document and scan or type it again."
    ),
    _(
        "The check digit of the optional data (line %(line)s, position %(position)s) is '%(found)s' and %(expected)s "
        "was expected: compare the zone with the document and scan or type it again."
    ),
    _(
        "The check digit of the whole zone (line %(line)s, position %(position)s) is '%(found)s' and %(expected)s "
        "was expected: compare the zone with the document and scan or type it again."
    ),
    _("The zone has no document number: type it by hand."),
    _("'%(code)s' is not a code of ICAO Doc 9303, part 3: compare the issuer with the document."),
    _("'%(code)s' is not a code of ICAO Doc 9303, part 3: compare the nationality with the document."),
    _("The sex is '%(found)s': F, M, X or '<' stands there. Compare it with the document."),
    _("The date of birth '%(text)s' is not in the calendar: compare it with the document."),
    _("The date of expiry '%(text)s' is not in the calendar: compare it with the document."),
    # Of names and places: liaison.checks.plan.
    _("The place of birth names no town or region, so it was not compared: give a country as the nationality."),
    _("The name is in %(script)s letters, which are transliterated one by one: ask for it in Latin letters too."),
    # Of answers: liaison.checks.answer.
    _("A record has a name in %(script)s letters, which are transliterated one by one: compare it yourself."),
    _("More than %(most)s records match or resemble this: only the %(shown)s strongest are shown."),
    # Of numbers: liaison.records.identifiers.
    _(
        "The check digit of VIN %(number)s (position 9) is '%(found)s' and should be '%(expected)s': "
        "compare every character with the vehicle."
    ),
    _("'%(text)s' has no letter or digit: write the %(what)s as it is printed."),
    _("'%(text)s' contains '%(character)s': a %(what)s has letters and digits only."),
    _("'%(text)s' is too long for a document number: at most %(most)s letters and digits."),
    _("'%(text)s' is too long for a plate: at most %(most)s letters and digits."),
    _("'%(text)s' has %(count)s characters: a VIN has 17, a chassis number from before 1981 has 5 to 16."),
    _("'%(text)s' has %(known)s known letters and digits: beside ? and * give at least %(least)s."),
    _(
        "'%(text)s' stands for %(count)s characters: a VIN has 17, a chassis number from before 1981 has 5 to 16. "
        "Write * for what you do not know."
    ),
    _("'%(text)s' contains I, O or Q, which no VIN has: write 1 or 0 as the vehicle shows it."),
    _("The last digit of IMO number %(number)s should be %(expected)s: compare every digit with the ship's papers."),
    _("The number contains the invisible character U+%(code)s: type the number again instead of pasting it."),
    _("'%(text)s' is not %(what)s: it has %(count)s digits."),
    # Of dates: liaison.lib.partial_date and liaison.records.parsing.
    _("'%(text)s' is not a date: write YYYY, YYYY-MM or YYYY-MM-DD"),
    _("'%(text)s' is not in the calendar: write YYYY, YYYY-MM or YYYY-MM-DD"),
    _("'%(text)s' has a zero month or day: leave the unknown part out and write YYYY, YYYY-MM or YYYY-MM-DD"),
    _("'%(text)s' is before 1800: check the year and write YYYY, YYYY-MM or YYYY-MM-DD"),
    _("That day is not in the calendar: write YYYY-MM-DD."),
    _("The record would expire before it can be found: give a later day."),
    _("%(database)s keeps records until %(day)s at the latest."),
    _("%(database)s keeps a record of %(recorded)s until %(day)s at the latest."),
    # Of countries and names: liaison.lib.countries and liaison.checks.plan.
    _("'%(text)s' is not a two-letter country code."),
    _("'%(text)s' is not a country."),
    _("No bureau of %(country)s takes part."),
    _("The name has no letters: write it as it stands in the document."),
    _("The name has no letter or digit: write it out."),
    _("Character %(place)s is U+%(code)s, which cannot be seen: remove it."),
    # Of the fields of a record: liaison.lib.shapes and liaison.records.databases.
    _("There is no field '%(field)s'."),
    _("The field '%(field)s' is missing: add it."),
    _("'%(value)s' is not a value of this field."),
    _("Expected %(wanted)s, got %(found)s: correct the type."),
    _("Expected %(wanted)s: correct the value."),
    _("A document needs its number: fill `document_number`."),
    _("A name is needed: fill `full_name` (CSV) or `names` (JSON)."),
    _("A person needs a status (RPD 44): add it to the row, or give one for the whole batch with `--status`."),
    _("A vehicle needs a VIN or a plate to be found by: add one of them."),
    _("A vessel needs an IMO number, an MMSI or a name: add one of them."),
    _(
        "No restrictive measure may be taken against a %(status)s (RPD 40): remove the purpose 'arrest', "
        "or correct the status."
    ),
    _("'%(value)s' is not a sex: write F, M, X (other) or U (unknown)."),
    _("'%(one)s' and '%(other)s' say the same thing: keep one of them."),
    _("'%(field)s' contains the control character U+%(code)s: remove it and send the row again."),
    _(
        "Only the country that issued a document may record it: this one is of %(country)s. "
        "Tell its bureau, or correct the issuer."
    ),
    # Of files: liaison.records.formats.
    _("The row has %(found)s cells and the header %(expected)s: put a cell that holds the separator into quotes."),
    _("The column '%(name)s' stands twice in the header: keep one."),
    _("'%(text)s' is not the name of a column: the first line must name the columns."),
    _("The name '%(name)s' does not tell the format: name the format, one of %(formats)s."),
    _("The root element is '%(name)s', not '%(wanted)s': send the UN consolidated list as published."),
    _("The row holds the character U+0000: leave it out."),
    _("The address holds the character U+0000: leave it out."),
    # Of batches: liaison.records.pages and liaison.records.feed.
    _("This batch cannot go on: it is complete, or it is being fed."),
    # What may follow one of the others.
    # Of standing checks: liaison.standing.actions.
    _("A standing check ends today at the earliest and after %(days)s days at the latest."),
    _("You have %(most)s standing checks, and more are not allowed at a time: end one that is not needed."),
    _("Your bureau has %(most)s standing checks, and more are not allowed at a time: ask it to end some."),
    _("You have this standing check already: extend it instead."),
    _("This standing check has ended: set a new one."),
    _("Too many records resemble this already: add a date of birth, a nationality or a document."),
    # Of others.
    _("Add a date of birth, a nationality or a document to see others."),
    _("Did you mean '%(code)s' (%(country)s)?"),
    _("Did you mean '%(word)s'?"),
    _("Known: %(words)s."),
    _("It takes one of: %(values)s."),
    _("See the schema of this field for the values it takes."),
    _("Write a code of ISO 3166-1 such as 'PL' or 'POL', or the English name."),
)
