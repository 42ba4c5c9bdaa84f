"""Work that nobody waits for steps back, and never forward."""

import subprocess
import sys

PROGRAM = """
import os
from liaison.lib.priority import step_back
before = os.getpriority(os.PRIO_PROCESS, 0)
step_back(before + 3)
step_back(before + 1)
print(os.getpriority(os.PRIO_PROCESS, 0) - before)
"""


def test_a_process_steps_back_once_and_stays_there() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], check=True, stdout=subprocess.PIPE)  # noqa: S603

    assert done.stdout == b"3\n"
