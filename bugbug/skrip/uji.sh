#!/usr/bin/env bash
# The test suite, on every core of the machine: all of it on the embedded default (SQLite, folders
# as queue), then, when both servers answer, what may differ between databases or brokers (all but
# marker `sekali`) on PostgreSQL and Redis. UJI_WAJIB_SERVER=1: missing servers are a failure.
# Arguments go to pytest, e.g. `bash bugbug/skrip/uji.sh -k alur`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export UJI_DATABASE_URL=${UJI_DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres}
export UJI_REDIS_URL=${UJI_REDIS_URL:-redis://127.0.0.1:6379/15}
# One more than there are cores, for the journeys mostly wait: for a browser, a worker, a dead Redis.
proses=$(($(nproc) < 4 ? $(nproc) + 1 : 4))
# Without compiled modules every process would prepare the assertions of every test anew.
unset PYTHONDONTWRITEBYTECODE
ringkasan=()
gagal=0
lulus=0

jalankan() { # jalankan NAMA ARGUMEN…: run pytest, remember how it ended, go on
    local nama=$1 kode=0
    shift
    echo "== Uji: $nama"
    .venv/bin/python -m pytest --numprocesses "$proses" --dist worksteal "$@" || kode=$?
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

unset DATABASE_URL REDIS_URL
jalankan "SQLite bawaan, semua uji" "$@"
if sebab=$(server_terjangkau 2>&1); then
    export DATABASE_URL=$UJI_DATABASE_URL REDIS_URL=$UJI_REDIS_URL
    jalankan "PostgreSQL + Redis, yang menyangkut basis data" -m "not sekali" "$@"
elif [[ ${UJI_WAJIB_SERVER:-} == 1 ]]; then
    echo "GAGAL: PostgreSQL/Redis tidak terjangkau (${sebab##*$'\n'}), padahal UJI_WAJIB_SERVER=1." >&2
    ringkasan+=("PostgreSQL + Redis: GAGAL (tidak terjangkau)")
    gagal=1
else
    echo "DILEWATI: PostgreSQL/Redis tidak terjangkau (${sebab##*$'\n'}); uji hanya berjalan di SQLite." \
        "Alamatnya dapat diatur dengan UJI_DATABASE_URL dan UJI_REDIS_URL."
    ringkasan+=("PostgreSQL + Redis: dilewati")
fi

if ((lulus == 0 && gagal == 0)); then
    ringkasan+=("GAGAL: tidak ada uji yang cocok")
    gagal=1
fi
printf '== %s\n' "${ringkasan[@]}"
exit "$gagal"
