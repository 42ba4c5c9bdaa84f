"""The list of commands; each lives in the module of its subject."""

import typer

from liaison.cli import (
    checking,
    comparing,
    demo,
    feeding,
    home,
    indexing,
    log,
    notifications,
    register,
    rights,
    running,
    standing,
    witness,
)

app = typer.Typer(
    name="liaison",
    help="A group of countries runs its police cooperation itself.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
# The list of commands gives each one line; what does not fit into it is said shorter here.
app.command(short_help="See it work: an invented world, sample checks, the service.")(running.run)
app.command(short_help="Answer checks, feeds and pages until stopped.")(running.serve)
app.command()(home.migrate)
app.command(short_help="Make the first account of an empty home.")(home.init)
app.command(short_help="Print a new one-time link for a lost password.")(home.link)
app.command()(home.doctor)
app.command(short_help="Copy everything while the service runs, and verify it.")(home.backup)
app.command(short_help="Bring a backup into an empty home, and verify it.")(home.restore)
app.command()(indexing.index)
app.command()(feeding.feed)
app.command()(checking.check)
app.command(short_help="Check every person of a CSV file.")(checking.screen)
app.command(short_help="Say how alike two names are, and why.")(comparing.compare)
app.command(short_help="Prove that the register is what was signed.")(log.verify)
app.command(short_help="Show what the system was told.")(notifications.notifications)
app.add_typer(demo.app, name="demo")
app.add_typer(rights.key_app, name="key")
app.add_typer(log.app, name="log")
app.add_typer(register.app, name="register")
app.add_typer(standing.app, name="standing")
app.add_typer(witness.app, name="witness")
