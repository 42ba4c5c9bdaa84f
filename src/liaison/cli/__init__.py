"""The command `liaison`: what an operator, a duty desk and a national system do from a shell."""

import os
import sys

from liaison.cli.app import app


def main() -> None:
    """Run the command line; a refusal is said in one line and told by the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from liaison.cli.screen_text import complain, exit_code_of
    from liaison.errors import LiaisonError

    try:
        app(standalone_mode=True)
    except LiaisonError as error:
        complain(error)
        sys.exit(exit_code_of(error))
    except OSError as error:
        place = f" at {error.filename}" if error.filename else ""
        sys.stderr.write(f"liaison: disk-unusable{place}: The system refuses: {error.strerror or error}. Look at the "
                         "free space, and at who may write there.\n")  # fmt: skip
        sys.exit(4)
    except ImproperlyConfigured as error:
        sys.stderr.write(f"liaison: {error}\n")
        sys.exit(2)
    except DatabaseError as error:
        sys.stderr.write(f"liaison: database-unreadable: {error}".strip() + "\nLook at it with `liaison doctor`.\n")
        sys.exit(4)
