#!/bin/sh
# Finds what some tests need of the system, or installs it: a Chromium for the browser tests, bubblewrap for running
# model-written code, PostgreSQL's server for a database on one. Without it those tests are skipped, and say so; where CI is set they fail instead.
set -u
missing=""

present() {
    for name in "$@"; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

apt_install() {
    command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ] || return 1
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@"
}

present bwrap || apt_install bubblewrap || {
    echo "No bubblewrap here; tests that run model-written code will be skipped. On Debian: apt install bubblewrap" >&2
    missing=yes
}
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || apt_install postgresql || {
    echo "No PostgreSQL here; the tests of a database on a server will be skipped. On Debian: apt install postgresql" >&2
    missing=yes
}
present chromium chromium-browser google-chrome || apt_install chromium fonts-dejavu-core ||
    "${VENV:-.venv}/bin/python" -m playwright install chromium || {
    echo "No Chromium here; the browser tests will be skipped. On Debian: apt install chromium" >&2
    missing=yes
}
[ -z "$missing" ] || [ -z "${CI:-}" ]
