"""What can be examined without a database: settings, files, space, versions."""

import platform
import shutil
import stat
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from django.conf import settings

from liaison import __version__
from liaison.cli.backup import KEPT
from liaison.cli.doctor import Examination, Finding

# Below this the next feed or the next backup may fail.
SCARCE_BYTES = 5 << 30
EMPTY_BYTES = 512 << 20


def configuration() -> Iterator[Finding]:
    """Say what of the settings a service that others reach should not have; wrong values stopped the start."""
    defaults = {setting.name: setting.default for setting in settings.SETTINGS}
    given = sorted(name for name in settings.ENVIRONMENT if settings.ENVIRONMENT[name] != defaults[name])
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding("settings", "wrong", "LIAISON_HOSTS allows every host name: name those of this service only.")
    elif not settings.LIAISON_ADDRESS.startswith("https://") and "//localhost" not in settings.LIAISON_ADDRESS:
        yield Finding("settings", "wrong", "LIAISON_ADDRESS is not https://, so passwords and keys travel in the "
                      "clear: put a reverse proxy with a certificate before the service.")  # fmt: skip
    else:
        yield Finding("settings", "ok", f"set: {', '.join(given) or 'none, all have their defaults'}")


def permissions() -> Iterator[Finding]:
    """Say whether somebody but the owner can read the home, its keys or its folders."""
    home = Path(settings.LIAISON_HOME)
    if _is_open(home):
        yield Finding("permissions", "wrong", f"Others can look into the home: chmod 700 {home}")
    for path in (home / name for name in KEPT):
        if path.exists() and _is_open(path):
            yield Finding("permissions", "wrong", f"Others can read a key: chmod 600 {path}")
    owner = home.stat().st_uid
    foreign = [path for path in home.rglob("*") if path.stat().st_uid != owner]
    if foreign:
        yield Finding("permissions", "wrong", f"{foreign[0]} does not belong to the owner of the home, so the service "
                      f"may be unable to use it: chown -R --reference={home} {home}")  # fmt: skip
    if not _is_open(home) and not foreign:
        yield Finding("permissions", "ok", f"{home} is for its owner only")


def space() -> Iterator[Finding]:
    """Say whether the disk of the home has room."""
    free = shutil.disk_usage(settings.LIAISON_HOME).free
    said = f"{free / (1 << 30):.1f} GiB are free"
    if free < EMPTY_BYTES:
        yield Finding("disk", "wrong", f"{said}: nothing more can be registered soon, and then nobody gets an answer. "
                      "Make room now.")  # fmt: skip
    else:
        yield Finding("disk", "look" if free < SCARCE_BYTES else "ok", said)


def versions() -> Iterator[Finding]:
    """Say which versions run, and which required package is not there."""
    names = [line.partition(";")[0] for line in requires("liaison") or [] if "extra ==" not in line]
    found = {name: _version(name) for name in sorted(map(_plain, names))}
    missing = [name for name, known in found.items() if not known]
    running = f"Liaison {__version__}, Python {platform.python_version()}"
    if missing or sys.version_info < (3, 11):
        yield Finding("versions", "wrong", f"{running}, without {', '.join(missing)}: install again with make install")
    else:
        shown = ", ".join(f"{name} {found[name]}" for name in ("django", "msgspec", "numba", "numpy") if name in found)
        yield Finding("versions", "ok", f"{running}, {shown}")


def _is_open(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _plain(requirement: str) -> str:
    end = next((place for place, letter in enumerate(requirement) if letter in "<>=!~[ ("), len(requirement))
    return requirement[:end].lower()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


EXAMINATIONS: tuple[Examination, ...] = (configuration, permissions, space, versions)
