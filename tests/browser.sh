#!/bin/sh
# Finds a Chromium for the browser tests, or installs one. Without one those tests are skipped, and say so;
# where CI is set they fail instead.
set -u
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-dejavu-core && exit 0
fi
"${VENV:-.venv}/bin/python" -m playwright install chromium && exit 0
echo "No Chromium here; the browser tests will be skipped. On Debian: apt install chromium" >&2
[ -z "${CI:-}" ]
