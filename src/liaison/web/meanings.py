"""What every error code means and what to do, for people, in the language of the reader.

The sentences are those of `docs/errors.md`, and a test holds that.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEANINGS: Mapping[str, str | Promise] = {
    "account-closed": _("The account was closed. Ask your bureau's administrator."),
    "agency-exists": _("Another agency has this name. Choose another."),
    "already-entitled": _("The agency has this right already. End the other first, or leave it."),
    "bad-character": _("The row or the address holds the character U+0000. Leave it out."),
    "bad-check-digit": _(
        "A check digit does not fit its field: something was misread or mistyped. Compare with the document."
    ),
    "bad-gzip": _("The file begins like gzip and cannot be decompressed. Compress it again, or send it uncompressed."),
    "bad-header": _("The first line of the CSV file cannot be read. The detail says why."),
    "bad-identifier": _(
        "A document number, plate or other identifier has no usable form. Write it as on the document."
    ),
    "bad-json": _("The text is not JSON. The place says where: check quotes, commas and brackets there."),
    "bad-key-life": _("A key must live at least a day and at most the limit that the detail names."),
    "bad-last-day": _(
        "A standing check ends today at the earliest, and not later than the limit that the detail names."
    ),
    "bad-mrz": _("The text is not a machine-readable zone. Paste its two or three lines and nothing else."),
    "bad-quotes": _(
        "In a CSV row another character follows a closing quote. Double a quote that stands inside a cell."
    ),
    "bad-retention": _("Retention is a number of days, or a day as YYYY-MM-DD."),
    "bad-value": _(
        "The value is outside what the field takes. The detail and the field's JSON Schema say what it takes."
    ),
    "bad-xml": _("The file is not well-formed XML. Send it as it was published."),
    "batch-closed": _("The batch is complete. Open a new one."),
    "batch-moved": _("Somebody else is feeding the same batch. Let one of you go on."),
    "beyond-retention": _("The record would be kept longer than its database allows. Give an earlier day."),
    "body-too-large": _("The body is larger than the limit. Send smaller batches."),
    "bureau-exists": _("The country has a bureau already."),
    "cell-too-long": _("A cell of the CSV file is longer than the limit. Shorten it."),
    "compressed-body": _("A check is sent uncompressed."),
    "compressed-too-far": _("The compressed file grows so much that it may be a bomb. Send it uncompressed."),
    "conflicting-fields": _("Two fields say different things of the same matter. Keep one."),
    "control-character": _("The text holds a control character. Remove it."),
    "damaged-backup": _("A part of the backup is missing or changed; nothing was touched. Use another backup."),
    "damaged-index": _("The index on disk cannot be trusted. Make it again with liaison index --rebuild."),
    "database-away": _("The database does not answer. Nothing was answered; ask again, then tell the operator."),
    "database-unreadable": _("The database cannot be read or copied. Look at it with liaison doctor."),
    "disk-unusable": _("The disk refuses to be written: no space, or no permission. Nothing was left half done."),
    "duplicate-column": _("A column stands twice in the header. Keep one."),
    "duplicate-id": _("Two queries of a batch have the same id. Give each its own."),
    "duplicate-key": _("A key stands twice in one JSON object. Keep one."),
    "duty-reads-no-records": _("An account that administers or audits reads no records. Use an officer's account."),
    "empty-file": _("The file is empty. Check that the export was complete."),
    "empty-name": _("The name has no letter or digit. Write it as on the document."),
    "empty-row": _("The row says nothing. Remove it."),
    "ends-before-start": _("The end lies before the start. Give a later day."),
    "expired-already": _("The record would expire before it could be found. Give a later day."),
    "failed": _("A fault of the service. Nothing was answered; the log of the service says more."),
    "feed-ended": _("The process that fed the rows ended. What was acknowledged is kept: go on with the same batch."),
    "file-exists": _("Something has the name of the new file already. Name a file that does not exist yet."),
    "file-too-large": _("The file is larger than the limit. Send it in parts."),
    "folder-exists": _("Something has the name of the new backup already. Name a folder that does not exist yet."),
    "forbidden-xml": _("The XML declares a document type or entities. Send it without."),
    "gone": _("The caller closed the connection before its request was complete."),
    "hidden-character": _(
        "The text holds a character that cannot be seen, for example one that changes the direction of writing. "
        "Remove it."
    ),
    "home-not-empty": _("liaison init is for an empty home, and this one has agencies."),
    "home-unreadable": _("The home belongs to another user. Call the command as that one."),
    "home-without-key": _(
        "The home has databases and no secret.key. Set LIAISON_SECRET_KEY as the service has it, or put the file back."
    ),
    "impossible-date": _("The day is not in the calendar."),
    "index-stale": _(
        "The index is being repaired, so nothing was checked. Ask again in a moment; an operator looks at liaison"
        " doctor."
    ),
    "missing-check": _("A full record is read under a check. Name its entry: ?check=ENTRY."),
    "missing-companion": _("The OFAC list is three files. Send all three."),
    "missing-field": _("A field that is needed is not there."),
    "missing-header": _("The first line of the CSV file does not name columns."),
    "missing-name": _("The entry has no name."),
    "missing-program": _("A program that is needed is not installed. The detail says how to install it."),
    "missing-reference": _("The entry has no reference of its source."),
    "nested-too-deeply": _("Elements stand inside each other more deeply than the limit."),
    "no-backup": _("There is no complete backup in this folder. Name the folder that liaison backup made."),
    "no-entitlement": _("Your agency has no right to do this in this database. Ask your bureau."),
    "no-exchange-purpose": _(
        "The key has no purpose for checks by clients of other services. Have a key made with one."
    ),
    "no-files-here": _("Files are taken on the page that feeds a file only. Leave the file out."),
    "no-home": _(
        "There is no home in the folder that LIAISON_HOME names, and this command makes none. Make it with make "
        "run or liaison init."
    ),
    "no-key": _("No valid key came with the request. Send Authorization: Bearer KEY or Authorization: ApiKey KEY."),
    "no-such-account": _("There is no such officer or system, or you may not see what they did."),
    "no-such-agency": _("No agency has this name. The detail suggests one."),
    "no-such-batch": _("There is no such batch of your bureau."),
    "no-such-dataset": _("There is no dataset of this name. The detail suggests one."),
    "no-such-entitlement": _("There is no such right, or it is not yours to end."),
    "no-such-entry": _("There is no such entry in the register, or you may not see it."),
    "no-such-folder": _("The folder that the backup should lie in does not exist. Make it first."),
    "no-such-key": _("No key that is in use begins like this."),
    "no-such-link": _("The link was used, or is too old. Ask your administrator for a new one."),
    "no-such-officer": _("No open account has this address."),
    "no-such-page": _("There is no such page for you."),
    "no-such-portrait": _("There is no such portrait in this demonstration."),
    "no-such-record": _("There is no such record, or you may not see it: the answer is the same."),
    "no-such-restriction": _("There is no such restriction of your bureau."),
    "no-such-spot-check": _("There is no such spot check, or it is not yours to see."),
    "no-such-standing-check": _("You have no standing check of this number."),
    "no-valid-key": _("The key is not known, has expired, or was taken back. Ask your bureau's administrator."),
    "not-a-number": _("A number in the JSON is NaN, infinite or too large. Write it as a text, or leave it out."),
    "not-an-administrator": _("Only an administrator of the agency does this."),
    "not-a-source": _(
        "Who was shown records is told to the agency that answers for them: a bureau, not its national entities."
    ),
    "not-an-auditor": _("Only auditors and administrators read the register."),
    "not-an-entity": _("The object is not a FollowTheMoney entity."),
    "not-an-object": _("The line is JSON, but not an object."),
    "not-json-lines": _("The file is one JSON value over many lines. Write one object a line."),
    "not-migrated": _("The home is of another version, or has no databases yet. Run liaison migrate."),
    "no-authenticator-app": _("The account has no authenticator app of the demonstration. Choose one by signing in."),
    "no-such-session": _("There is no such session of your account: it has ended already."),
    "second-factor-missing": _(
        "The account has no second factor yet. Choose one on the page of your account, in a browser."
    ),
    "second-factor-unreadable": _(
        "The second factors were kept under another key. Set LIAISON_SECRET_KEY as it was, or ask for a new link."
    ),
    "sign-in-busy": _("Too many people sign in at this moment. Try again in a minute."),
    "national-sign-in-away": _(
        "The sign-in of the country does not answer. Try again in a moment, or sign in with the password."
    ),
    "wrong-network": _("The key is not taken from this network. Ask your administrator which it is bound to."),
    "no-certificate": _("The key is taken with its client certificate only. Send it, or ask your administrator."),
    "no-officer": _("With this key each request says for whom it asks. Send the header Liaison-Officer."),
    "too-many-requests": _("The key is taken so many times a minute, as agreed. Wait a moment."),
    "bad-network": _("A text is no network. Write it as 192.0.2.0/24, or an address."),
    "bad-fingerprint": _("The fingerprint is no SHA-256. Write it as openssl x509 -fingerprint -sha256 prints it."),
    "same-administrator": _(
        "You opened one lock of this account already. Another administrator, or the operator, opens the other."
    ),
    "feeds-busy": _("Too many feeds run at this moment. Send it again in a minute."),
    "body-too-slow": _("What was sent did not arrive in time. Send it again."),
    "plain-address": _("The key would pass in the clear. Name the service by https://, or one on this machine."),
    "bad-deadline": _("The source gets an hour at least to answer, and a fortnight at most. Choose another deadline."),
    "no-such-request": _("There is no such request to your bureau."),
    "urgent-request-over": _("The request was answered already, or its deadline is over. Load the page again."),
    "other-purpose": _("Your right is for other purposes. Ask your bureau."),
    "not-signed-in": _("Sign in first."),
    "not-the-issuer": _("Only the country that issued a travel document records it."),
    "officer-exists": _("The address has an account already."),
    "one-kind": _("A query asks for exactly one thing: a person, a document, a vehicle..."),
    "only-here": _("This works on the home of this machine only, not with --url."),
    "other-engine": _("The backup is of the other database engine. Set LIAISON_DATABASE_URL as it was."),
    "other-key": _("The backup was taken with another LIAISON_SECRET_KEY. Set that one."),
    "other-screening": _("The output file holds a screening of another file, purpose or reference. Name a new file."),
    "other-version": _("The backup is of another version of Liaison. Restore it with that version, then upgrade."),
    "password-ended": _(
        "The password was changed or ended by somebody else meanwhile; nothing was saved. Sign in again."
    ),
    "port-taken": _("Another program listens on this port. Choose another."),
    "port-unusable": _(
        "The service cannot listen at this address and port. The detail says why: no permission, or not an "
        "address of this machine."
    ),
    "ragged-row": _("The row has more or fewer cells than the header."),
    "record-changed": _("The record was changed meanwhile. Look at it again."),
    "reference-taken": _("An entry by hand names a reference that your bureau uses already. Choose another."),
    "register-closed": _("The service is stopping. Ask again in a moment."),
    "register-contradicted": _(
        "The register is not what was signed: entries are missing, or others than they were. Nothing more is signed. "
        "Tell who oversees the register."
    ),
    "register-older": _(
        "The register holds fewer entries than were signed: an older copy was put in its place, and it takes no entry. "
        "Tell the operator."
    ),
    "register-unsigned": _("The register has not been signed yet. A service signs it within a second: let one run."),
    "register-unwritable": _(
        "The register of processing cannot be written, so nothing was answered and nothing was done. Tell the operator."
    ),
    "restore-differs": _("What was restored is not what the backup says, so it is not used. Use another backup."),
    "restrict-a-bureau": _("A restriction is against a bureau, and flows down to its entities."),
    "restrict-another": _("A source cannot keep its records from itself."),
    "row-too-long": _("The row is longer than the limit."),
    "rule-rpd-40": _(
        "No restrictive measure may be taken against a victim or a witness (RPD 40). Change the purpose, or the status."
    ),
    "too-few-known": _(
        "Too little of the plate or the VIN is known. Beside ? and * give at least three letters or digits."
    ),
    "too-many-columns": _("The header has more columns than the limit."),
    "too-many-matches": _(
        "More records resemble the subject than an answer holds. Add a date of birth, a nationality or a document."
    ),
    "too-many-questions": _("The entities make more questions than a check may have. Send fewer at a time."),
    "too-many-standing-checks": _(
        "You, or your bureau, have as many standing checks as are allowed at a time. End one that is not needed."
    ),
    "search-ended": _(
        "A process of the service ended while it searched, so nothing was answered. Ask again in a moment."
    ),
    "spot-check-moved-on": _("Somebody has gone on with this spot check meanwhile. Look at it again."),
    "standing-check-ended": _("The standing check has ended. Set a new one."),
    "standing-check-exists": _(
        "You have a standing check of this question, purpose and reference already. Extend it instead."
    ),
    "standing-check-too-wide": _(
        "Too many records resemble this already. Add a date of birth, a nationality or a document."
    ),
    "truncated-gzip": _("The compressed file ends too early. Send it again."),
    "unclosed-quote": _("A cell begins with a quote that is never closed."),
    "unknown-bureau": _("No bureau of this country takes part."),
    "unknown-country": _("The text is no country. The detail suggests one."),
    "unknown-database": _("There is no such database. The detail suggests one."),
    "unknown-default": _("There is no default of this name for a batch."),
    "unknown-entry": _("The row belongs to an entry that is not in the file."),
    "unknown-field": _("There is no such field. The detail suggests one."),
    "unknown-format": _("There is no such format, or the file's name does not tell it. Name it."),
    "unknown-operation": _("There is no such operation."),
    "unknown-sex": _("Sex is F, M, X or U."),
    "unknown-value": _("The field takes only certain values. The detail lists them, or the field's JSON Schema."),
    "unnamed-column": _("A column has no name. Name it, or remove it."),
    "unreachable": _("The service cannot be reached. Look at its address and whether it runs."),
    "unreadable-file": _("The file cannot be read. Look at its path and its permissions."),
    "unreadable-key": _("The file of the key cannot be read."),
    "unsupported-compression": _(
        "The file is a ZIP archive, a spreadsheet or compressed otherwise. Send plain text, or gzip."
    ),
    "unsupported-kind": _("No database takes an entry of this kind."),
    "unwritable-file": _("No file can be written where the command was told to write. Name another."),
    "use-post": _("A check is a POST."),
    "wrong-encoding": _("The file is not in the encoding that it should be. Export it as UTF-8."),
    "wrong-method": _("This path takes another method. The detail says which."),
    "wrong-state": _("The record's state does not allow this change now."),
    "wrong-type": _("The value has the wrong type: a text where a list is wanted, for example."),
}
