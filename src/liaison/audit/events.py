"""The closed list of what the register of processing can say happened."""

from enum import StrEnum


class Event(StrEnum):
    """One kind of entry; `docs/operator/register.md` explains each, and a test compares."""

    CHECKED = "checked"
    RECORD_READ = "record_read"
    RECORDS_LISTED = "records_listed"
    FEED_OPENED = "feed_opened"
    FEED_RESUMED = "feed_resumed"
    FEED_CLOSED = "feed_closed"
    RECORD_BLOCKED = "record_blocked"
    RECORD_UNBLOCKED = "record_unblocked"
    RECORD_WITHDRAWN = "record_withdrawn"
    ERROR_REPORTED = "error_reported"
    REGISTER_READ = "register_read"
    REGISTER_EXPORTED = "register_exported"
    BUREAU_ADMITTED = "bureau_admitted"
    ENTITY_AUTHORISED = "entity_authorised"
    AGENCY_CLOSED = "agency_closed"
    OFFICER_INVITED = "officer_invited"
    LINK_RENEWED = "link_renewed"
    PASSWORD_CHOSEN = "password_chosen"  # noqa: S105  the name of an event
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  the name of an event
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    FACTORS_ENDED = "factors_ended"
    SESSIONS_ENDED = "sessions_ended"
    OFFICER_CLOSED = "officer_closed"
    KEY_CREATED = "key_created"
    KEY_REVOKED = "key_revoked"
    ENTITLEMENT_GRANTED = "entitlement_granted"
    ENTITLEMENT_ENDED = "entitlement_ended"
    RESTRICTION_SET = "restriction_set"
    RESTRICTION_LIFTED = "restriction_lifted"
    URGENT_REQUEST_MADE = "urgent_request_made"
    URGENT_REQUEST_ANSWERED = "urgent_request_answered"
    RECORD_ACCESS_READ = "record_access_read"
    STANDING_CHECK_CREATED = "standing_check_created"
    STANDING_CHECK_EXTENDED = "standing_check_extended"
    STANDING_CHECK_ENDED = "standing_check_ended"
    STANDING_CHECK_TOLD = "standing_check_told"
    STANDING_CHECKS_READ = "standing_checks_read"
    STANDING_CHECKS_ERASED = "standing_checks_erased"
    NOTIFICATIONS_READ = "notifications_read"
    NOTIFICATIONS_ERASED = "notifications_erased"
    SPOT_CHECKS_READ = "spot_checks_read"
    SPOT_CHECK_OPENED = "spot_check_opened"
    SPOT_CHECK_ASKED = "spot_check_asked"
    SPOT_CHECK_ANSWERED = "spot_check_answered"
    SPOT_CHECK_CLOSED = "spot_check_closed"
    SPOT_CHECKS_ERASED = "spot_checks_erased"
    BACKED_UP = "backed_up"
    RESTORED = "restored"
    LOG_RENEWED = "log_renewed"
    REGISTER_ERASED = "register_erased"


# What a source does about its restrictions is known to its own people only (RPD 58).
CONFIDENTIAL_EVENTS = frozenset(
    {Event.RESTRICTION_SET, Event.RESTRICTION_LIFTED, Event.URGENT_REQUEST_ANSWERED, Event.RECORD_ACCESS_READ}
)
