"""Sign the register beside a service: the thread of the process that keeps the index."""

import threading

import structlog
from django.conf import settings
from django.db import connections

from liaison.audit.cosigning import Cosigners
from liaison.audit.log import Contradicted, RegisterLog, register_log

SIGN_SECONDS = 1.0

log = structlog.get_logger()


class Notary:
    """The thread that signs what is new, again and again, and has it witnessed."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._log: tuple[RegisterLog, Cosigners] | None = None
        self._thread = threading.Thread(target=self._run, name="notary", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self) -> None:
        """Wait until it has signed what there was when it was stopped."""
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stop.wait(SIGN_SECONDS):
                self._sign()
            self._sign()
        finally:
            connections.close_all()

    def _sign(self) -> None:
        try:
            kept, cosigners = self._opened()
            kept.sign_new()
            cosigners.ask()
        except Exception as error:  # A door: whatever goes wrong is told, and tried again.
            reason = str(error) if isinstance(error, Contradicted) else type(error).__name__
            log.error("register.cannot_sign", reason=reason)
            connections.close_all()

    def _opened(self) -> tuple[RegisterLog, Cosigners]:
        """Open the log, whose key is drawn the first time: that can fail, too."""
        if self._log is None:
            kept = register_log()
            self._log = kept, Cosigners(kept, settings.LIAISON_WITNESSES)
        return self._log
