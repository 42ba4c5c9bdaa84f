"""How Arabic pages write numbers.

Our Arabic pages use the digits 0-9, and Arabic beside those writes the full stop
(CLDR, numbering system "latn"); Django's own format has the comma of the Maghreb.
"""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
