"""The list of commands; each lives in the module of its subject."""

import typer

from liaison.cli import checking, demo, feeding, home, indexing, rights, running

app = typer.Typer(
    name="liaison",
    help="A group of countries runs its police cooperation itself.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(running.run)
app.command()(running.serve)
app.command()(home.migrate)
app.command()(home.init)
app.command()(home.link)
app.command()(home.doctor)
app.command()(home.backup)
app.command()(home.restore)
app.command()(indexing.index)
app.command()(feeding.feed)
app.command()(checking.check)
app.command()(checking.screen)
app.command()(rights.register)
app.add_typer(demo.app, name="demo")
app.add_typer(rights.key_app, name="key")
