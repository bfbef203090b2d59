#!/usr/bin/env bash
# The test suite on the embedded default (SQLite, folders as queue), then, when both servers
# answer, once more on PostgreSQL and Redis. UJI_WAJIB_SERVER=1: missing servers are a failure.
# Arguments go to pytest, e.g. `bash bugbug/skrip/uji.sh -k alur`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export UJI_DATABASE_URL=${UJI_DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres}
export UJI_REDIS_URL=${UJI_REDIS_URL:-redis://127.0.0.1:6379/15}
ringkasan=()
gagal=0

jalankan() { # jalankan NAMA PERINTAH…: run, remember how it ended, go on
    local nama=$1
    shift
    echo "== Uji: $nama"
    if "$@"; then
        ringkasan+=("$nama: lulus")
    else
        ringkasan+=("$nama: GAGAL (kode $?)")
        gagal=1
    fi
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

# Both runs at once: they share nothing but the machine, and each keeps about one core busy.
catatan=$(mktemp)
latar=
trap 'rm -f "$catatan"; [[ -z $latar ]] || kill "$latar" 2>/dev/null || true' EXIT
if sebab=$(server_terjangkau 2>&1); then
    env DATABASE_URL="$UJI_DATABASE_URL" REDIS_URL="$UJI_REDIS_URL" \
        .venv/bin/python -m pytest -m "not sekali" "$@" >"$catatan" 2>&1 &
    latar=$!
elif [[ ${UJI_WAJIB_SERVER:-} == 1 ]]; then
    echo "GAGAL: PostgreSQL/Redis tidak terjangkau (${sebab##*$'\n'}), padahal UJI_WAJIB_SERVER=1." >&2
    ringkasan+=("PostgreSQL + Redis: GAGAL (tidak terjangkau)")
    gagal=1
else
    echo "DILEWATI: PostgreSQL/Redis tidak terjangkau (${sebab##*$'\n'}); uji hanya berjalan di SQLite." \
        "Alamatnya dapat diatur dengan UJI_DATABASE_URL dan UJI_REDIS_URL."
    ringkasan+=("PostgreSQL + Redis: dilewati")
fi

jalankan "SQLite bawaan" env -u DATABASE_URL -u REDIS_URL .venv/bin/python -m pytest "$@"

if [[ $latar ]]; then
    # shellcheck disable=SC2317  # called by jalankan
    tunggu() { # the other run's end and what it said
        local kode=0
        wait "$latar" || kode=$?
        cat "$catatan"
        return "$kode"
    }
    jalankan "PostgreSQL + Redis" tunggu
fi

printf '== %s\n' "${ringkasan[@]}"
exit "$gagal"
