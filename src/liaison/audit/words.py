"""What the kinds of entries are called by people; the pages of the register offer them as choices."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, str | Promise]

# The kinds of entries in the register of processing.
EVENTS: Words = {
    "checked": _("Checked"),
    "record_read": _("Read a record"),
    "records_listed": _("Listed records"),
    "feed_opened": _("Began a batch"),
    "feed_resumed": _("Resumed a batch"),
    "feed_closed": _("Closed a batch"),
    "record_blocked": _("Blocked a record"),
    "record_unblocked": _("Ended the blocking of a record"),
    "record_withdrawn": _("Withdrew a record"),
    "error_reported": _("Reported an error"),
    "register_read": _("Read the register"),
    "register_exported": _("Exported a part of the register"),
    "bureau_admitted": _("Admitted a bureau"),
    "entity_authorised": _("Authorised a national entity"),
    "agency_closed": _("Closed an agency"),
    "officer_invited": _("Invited an officer"),
    "link_renewed": _("Made a new one-time link"),
    "password_chosen": _("Chose a password"),
    "password_changed": _("Changed the own password"),
    "signed_in": _("Signed in"),
    "sign_in_refused": _("Signing in refused after too many wrong passwords"),
    "signed_out": _("Signed out"),
    "officer_closed": _("Closed an officer's account"),
    "key_created": _("Made a key"),
    "key_revoked": _("Revoked a key"),
    "entitlement_granted": _("Granted an entitlement"),
    "entitlement_ended": _("Ended an entitlement"),
    "restriction_set": _("Set a restriction"),
    "restriction_lifted": _("Lifted a restriction"),
    "standing_check_created": _("Set a standing check"),
    "standing_check_extended": _("Extended a standing check"),
    "standing_check_ended": _("Ended a standing check"),
    "standing_check_told": _("Was told of a record by a standing check"),
    "standing_checks_read": _("Looked through standing checks"),
    "standing_checks_erased": _("Erased ended standing checks"),
    "notifications_read": _("Marked notifications as read"),
    "notifications_erased": _("Erased old notifications"),
    "spot_checks_read": _("Looked through spot checks"),
    "spot_check_opened": _("Opened a spot check"),
    "spot_check_asked": _("Asked about a check"),
    "spot_check_answered": _("Explained a check"),
    "spot_check_closed": _("Concluded a spot check"),
    "spot_checks_erased": _("Erased old spot checks"),
    "backed_up": _("Took a backup"),
    "restored": _("Restored a backup"),
    "log_renewed": _("Began a new log of the register"),
    "register_erased": _("Erased what is personal in old entries"),
}
# Who acts without an account or a key; everybody else is called by name.
ACTORS: Words = {
    "operator": _("Somebody at the machine itself"),
    "unknown": _("Somebody unknown"),
    "service": _("Liaison itself"),
}
# What the details of entries are about; a detail without a word here is shown by its own name.
DETAILS: Words = {
    "agency": _("Agency"),
    "against": _("Against"),
    "batch": _("Batch"),
    "conclusion": _("Conclusion"),
    "country": _("Country"),
    "entries": _("Entries"),
    "signed_entries": _("Signed entries"),
    "since": _("From"),
    "until": _("Until, this day included"),
    "duty": _("Duty"),
    "ends_on": _("Last day"),
    "entry": _("Entry"),
    "key": _("Key"),
    "notifications": _("Notifications"),
    "officer": _("Officer"),
    "operation": _("Operation"),
    "reason": _("Reason"),
    "records": _("Records"),
    "spot_check": _("Spot check"),
    "spot_checks": _("Spot checks"),
    "standing_check": _("Standing check"),
    "standing_checks": _("Standing checks"),
    "system": _("System"),
    "taken_at": _("Moment of the backup"),
}
