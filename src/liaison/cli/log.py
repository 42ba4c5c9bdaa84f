"""`liaison log` and `liaison verify`: the signed log of the register, and the proof that nothing in it was changed."""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from liaison.audit.exported import Checked
    from liaison.audit.verifying import Demands, Verified
    from liaison.lib.tlog.notes import Verifier

app = typer.Typer(help="The signed log of the register.", no_args_is_help=True)
_WRONG = 4
_SPAN = re.compile(r"(\d{1,18})(?:-(\d{1,18}))?")


@app.command("key")
def key() -> None:
    """Print the public key by which others verify the log; hand it on by another way than the log itself."""
    from liaison.cli import setup

    setup.load()
    from liaison.audit.log import register_log
    from liaison.audit.signer import REGISTER

    sys.stdout.write(register_log().signer.verifier_of(REGISTER).text() + "\n")


@app.command("sign")
def sign() -> None:
    """Take every new entry into the log, sign it and have it cosigned; a service does this every second."""
    from liaison.cli import setup

    setup.load()
    from django.conf import settings

    from liaison.audit.cosigning import Cosigners
    from liaison.audit.log import register_log

    kept = register_log()
    with contradiction_told():
        size = kept.sign_new()
        cosigned = Cosigners(kept, settings.LIAISON_WITNESSES).ask()
    sys.stdout.write(f"Signed: {size} entries{', cosigned by ' + ', '.join(cosigned) if cosigned else ''}.\n")


@app.command("repair")
def repair() -> None:
    """Make damaged or missing files of the log again from the entries, if these are what was signed."""
    from liaison.cli import setup

    setup.load()
    from liaison.audit.log import register_log

    with contradiction_told():
        register_log().repair()
    sys.stdout.write("The log is whole.\n")


@contextmanager
def contradiction_told() -> Iterator[None]:
    """Refuse with a code where the register is not what was signed."""
    from liaison.audit.log import Contradicted
    from liaison.errors import Unavailable

    try:
        yield
    except Contradicted as error:
        raise Unavailable("register-contradicted", str(error)) from None


@app.command("renew")
def renew(reason: Annotated[str, typer.Option(help="Why; it is kept in the register.")]) -> None:
    """Begin a new log, with a new key, where the old one cannot go on; the old one stays beside. Tell the witnesses."""
    from liaison.cli import setup

    setup.load()
    from django.utils import timezone

    from liaison.audit.actions import OPERATOR
    from liaison.audit.log import register_log

    kept = register_log()
    name = kept.renew(by=OPERATOR, now=timezone.now(), reason=reason)
    sys.stdout.write(f"The log of the register is {name} now: {kept.sign_new()} entries are signed.\n")


def verify(
    entries: Annotated[str, typer.Argument(help="One entry (12), a span (12-40), or all.")] = "",
    folder: Annotated[Path | None, typer.Option(help="A copy of the log, instead of this home.")] = None,
    export: Annotated[
        Path | None, typer.Option(help="A file of `liaison register export`, in this home or with --log anywhere.")
    ] = None,
    log: Annotated[str, typer.Option(help="With --folder or --export: the public key of the log.")] = "",
    older: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint that you kept: the log must go on from it.")
    ] = None,
    witness: Annotated[list[str] | None, typer.Option(help="Public key of a witness; several times.")] = None,
    need: Annotated[int, typer.Option(min=0, help="So many of these witnesses must have cosigned.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Prove that the register is what was signed, every entry in its place. Exit 4: it is not."""
    from liaison.cli import setup

    setup.load_elsewhere() if folder or (export and log) else setup.load()
    demands = _demands(older or [], witness or [], need)
    if export:
        _require_alone(entries, folder, older)
        checked = _check_export(export, log, demands)
        _tell_export(checked, as_json=as_json)
        raise typer.Exit(_WRONG if checked.problems else 0)
    found = _verify_folder(folder, log, demands, entries) if folder else _verify_home(demands, entries)
    _tell(found, as_json=as_json)
    raise typer.Exit(_WRONG if found.problems else 0)


def _verify_home(demands: "Demands", entries: str) -> "Verified":
    from django.conf import settings

    from liaison.audit.cosigning import Cosigners
    from liaison.audit.log import Contradicted, register_log
    from liaison.audit.verifying import verify_home

    kept, refused = register_log(), ""
    try:
        kept.sign_new()
        Cosigners(kept, settings.LIAISON_WITNESSES).ask()
    except Contradicted as error:
        refused = str(error)
    found = verify_home(kept, demands, _span(entries))
    return found._replace(problems=(*filter(None, [refused]), *found.problems))


def _verify_folder(folder: Path, log: str, demands: "Demands", entries: str) -> "Verified":
    from liaison.audit.verifying import verify_folder

    span = _span(entries)
    among = range(span.start - 1, span.stop - 1) if span else None
    return verify_folder(folder, _verifier(log, "--log"), demands, among)


def _require_alone(entries: str, folder: Path | None, older: list[Path] | None) -> None:
    from liaison.errors import BadInput

    if entries or folder or older:
        detail = "An export is checked against the checkpoint in it: leave out ENTRIES, --folder and --older."
        raise BadInput("conflicting-fields", detail, at="--export")


def _check_export(path: Path, log: str, demands: "Demands") -> "Checked":
    """Check a file; in a home whose log signed it, the words in it too."""
    from liaison.audit.exported import check_export
    from liaison.audit.log import register_log
    from liaison.audit.signer import REGISTER
    from liaison.errors import BadInput

    verifier = _verifier(log, "--log") if log else register_log().signer.verifier_of(REGISTER)
    try:
        return check_export(path, verifier, demands, opens=not log)
    except OSError as error:
        detail = f"The file cannot be read ({error.strerror}): name one that `liaison register export` made."
        raise BadInput("unreadable-file", detail, at="--export", value=str(path)) from None


def _tell_export(checked: "Checked", *, as_json: bool) -> None:
    numbers, size = checked.numbers, checked.checkpoint.size if checked.checkpoint else 0
    if as_json:
        told = {"size": size, "entries": len(numbers), "first": numbers[0] if numbers else 0,
                "last": numbers[-1] if numbers else 0, "left_out": checked.left_out, "opened": checked.opened,
                "cosigned": checked.cosigned, "problems": checked.problems}  # fmt: skip
        sys.stdout.write(json.dumps(told) + "\n")
        return
    for problem in checked.problems:
        sys.stdout.write(f"{problem}\n")
    if checked.problems:
        return
    span = f", {numbers[0]} to {numbers[-1]}, {checked.left_out} numbers between them left out" if numbers else ""
    words = f"The words of {checked.opened} were opened and are the same" if checked.opened else "No words were opened"
    seen = f", cosigned by {', '.join(checked.cosigned)}" if checked.cosigned else ""
    sys.stdout.write(f"Sound: {len(numbers)} entries{span}, are what was signed{seen}. {words}.\n")


def _span(text: str) -> "range | None":
    """Read which entries are meant, by their numbers; None for all."""
    from liaison.errors import BadInput

    found = _SPAN.fullmatch(text)
    if not text:
        return None
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 0 < first <= last:
        raise BadInput(
            "bad-value", "Write the number of an entry, or two with a hyphen between.", at="ENTRIES", value=text
        )
    return range(first, last + 1)


def _demands(older: Iterable[Path], witnesses: Iterable[str], need: int) -> "Demands":
    from liaison.audit.verifying import Demands
    from liaison.errors import BadInput

    notes = []
    for path in older:
        try:
            notes.append(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            detail = f"The checkpoint cannot be read ({error}): name the file that you kept."
            raise BadInput("unreadable-file", detail, at="--older", value=str(path)) from None
    return Demands(notes, [_verifier(text, "--witness") for text in witnesses], need)


def _verifier(text: str, at: str) -> "Verifier":
    from liaison.errors import BadInput
    from liaison.lib.tlog.notes import BadNote, read_verifier

    try:
        return read_verifier(text)
    except BadNote as error:
        raise BadInput("bad-value", str(error), at=at, value=text) from None


def _tell(found: "Verified", *, as_json: bool) -> None:
    size = found.checkpoint.size if found.checkpoint else 0
    root = found.checkpoint.root.hex() if found.checkpoint else ""
    if as_json:
        told = {"size": size, "root": root, "compared": found.compared, "cosigned": found.cosigned,
                "problems": found.problems}  # fmt: skip
        sys.stdout.write(json.dumps(told) + "\n")
        return
    for problem in found.problems:
        sys.stdout.write(f"{problem}\n")
    if not found.problems:
        seen = f", cosigned by {', '.join(found.cosigned)}" if found.cosigned else ""
        sys.stdout.write(f"Sound: {found.compared} of {size} entries are what was signed, root {root[:16]}{seen}.\n")
