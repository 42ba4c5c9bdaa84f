"""Run a function in a process of its own, on the databases of this test.

    other = second_process.start("liaison.audit.tests.test_register:append_many", "50")
    assert other.wait() == 0

The function gets its arguments as text, and may write to standard output.
"""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def start(function: str, *arguments: str) -> "subprocess.Popen[bytes]":
    """Start `module:function` with text arguments; its working folder is the repository."""
    from django.db import connections

    names = {alias: str(connections[alias].settings_dict["NAME"]) for alias in connections}
    command = [sys.executable, "-m", "tests.second_process", json.dumps(names), function, *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE)


def _main(names: str, function: str, *arguments: str) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "liaison.settings"
    from liaison import settings

    for alias, name in json.loads(names).items():
        settings.DATABASES[alias]["NAME"] = name
    django.setup()
    module, _, wanted = function.partition(":")
    getattr(importlib.import_module(module), wanted)(*arguments)


if __name__ == "__main__":
    _main(*sys.argv[1:])
