# Install the Debian packages named, where they are missing and we may; else say what will be skipped.
# Usage: sh tests/tools/debian_packages.sh PACKAGE...
set -eu
export DEBIAN_FRONTEND=noninteractive

missing=
for package in "$@"; do
  status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [ "$status" = 'install ok installed' ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
  echo "Installing Debian packages for the tests:$missing"
  # The package lists of a fresh machine are empty or old: they are fetched only when the first try fails.
  # shellcheck disable=SC2086
  apt-get install -qq -y --no-install-recommends $missing >/dev/null 2>&1 \
    || { apt-get update -qq && apt-get install -qq -y --no-install-recommends $missing >/dev/null; }
elif [ "${CI:-}" = true ]; then
  echo "Missing Debian packages:$missing (CI=true: nothing is skipped). Install: apt-get install$missing" >&2
  exit 1
else
  echo "Tests that need these Debian packages will be skipped:$missing. Install: sudo apt-get install$missing"
fi
