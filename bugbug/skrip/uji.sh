#!/usr/bin/env bash
# The test suite: what talks to a database on the embedded default (SQLite, folders as queue) and,
# when both servers answer, on PostgreSQL and Redis; what cannot differ between them (marker
# `sekali`) once. UJI_WAJIB_SERVER=1: missing servers are a failure.
# Arguments go to pytest, e.g. `bash bugbug/skrip/uji.sh -k alur`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export UJI_DATABASE_URL=${UJI_DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres}
export UJI_REDIS_URL=${UJI_REDIS_URL:-redis://127.0.0.1:6379/15}
ringkasan=()
gagal=0
lulus=0

jalankan() { # jalankan NAMA PERINTAH…: run, remember how it ended, go on
    local nama=$1 kode=0
    shift
    echo "== Uji: $nama"
    "$@" || kode=$?
    case $kode in
        0) ringkasan+=("$nama: lulus") && lulus=1 ;;
        5) ringkasan+=("$nama: tidak ada uji yang cocok") ;; # with arguments; all of them: see below
        *) ringkasan+=("$nama: GAGAL (kode $kode)") && gagal=1 ;;
    esac
}

server_terjangkau() {
    .venv/bin/python - <<'PY'
import os
import sys

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

try:
    psycopg.connect(os.environ["UJI_DATABASE_URL"], connect_timeout=2).close()
    redis.Redis.from_url(
        os.environ["UJI_REDIS_URL"],
        socket_connect_timeout=2,
        socket_timeout=2,
        retry=Retry(NoBackoff(), 0),
    ).ping()
except (psycopg.Error, redis.RedisError, ValueError) as salah:
    sys.exit(f"{type(salah).__module__}.{type(salah).__name__}")  # no message: it may hold a password
PY
}

# All runs at once: they share nothing but the machine, and what one leaves idle another one uses.
catatan=$(mktemp -d)
latar=()
trap '((${#latar[@]} == 0)) || kill "${latar[@]}" 2>/dev/null || true; rm -rf "$catatan"' EXIT

# shellcheck disable=SC2317  # called by mulai and jalankan, as the next two are
di_sqlite() {
    env -u DATABASE_URL -u REDIS_URL .venv/bin/python -m pytest "$@"
}

# shellcheck disable=SC2317
di_server() {
    env DATABASE_URL="$UJI_DATABASE_URL" REDIS_URL="$UJI_REDIS_URL" .venv/bin/python -m pytest "$@"
}

mulai() { # mulai BERKAS PERINTAH…: in the background, its words kept for later
    local berkas=$catatan/$1
    shift
    "$@" >"$berkas" 2>&1 &
    latar+=($!)
}

# shellcheck disable=SC2317
tunggu() { # tunggu BERKAS PID: how a run in the background ended, and what it said
    local kode=0
    wait "$2" || kode=$?
    cat "$catatan/$1"
    return "$kode"
}

mulai sekali di_sqlite -m sekali "$@"
if sebab=$(server_terjangkau 2>&1); then
    mulai server di_server -m "not sekali" "$@"
elif [[ ${UJI_WAJIB_SERVER:-} == 1 ]]; then
    echo "GAGAL: PostgreSQL/Redis tidak terjangkau (${sebab##*$'\n'}), padahal UJI_WAJIB_SERVER=1." >&2
    ringkasan+=("PostgreSQL + Redis: GAGAL (tidak terjangkau)")
    gagal=1
else
    echo "DILEWATI: PostgreSQL/Redis tidak terjangkau (${sebab##*$'\n'}); uji hanya berjalan di SQLite." \
        "Alamatnya dapat diatur dengan UJI_DATABASE_URL dan UJI_REDIS_URL."
    ringkasan+=("PostgreSQL + Redis: dilewati")
fi

jalankan "SQLite bawaan" di_sqlite -m "not sekali" "$@"
[[ -z ${latar[1]:-} ]] || jalankan "PostgreSQL + Redis" tunggu server "${latar[1]}"
jalankan "sekali saja, tanpa basis data atau tak bergantung padanya" tunggu sekali "${latar[0]}"

if ((lulus == 0 && gagal == 0)); then
    ringkasan+=("GAGAL: tidak ada uji yang cocok")
    gagal=1
fi
printf '== %s\n' "${ringkasan[@]}"
exit "$gagal"
