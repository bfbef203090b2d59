#!/usr/bin/env bash
# `make run`, after siapkan.sh: database, demo village, then web server, workers and the
# WhatsApp simulator in this terminal.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export PORT=${PORT:-8000}
if ! [[ $PORT =~ ^[0-9]{1,5}$ ]]; then
    echo "GAGAL: PORT harus berupa angka, misalnya PORT=8010 make run" >&2
    exit 1
fi
if (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then
    echo "GAGAL: Port $PORT sudah dipakai program lain (mungkin \`make run\` yang masih berjalan)." \
        "Hentikan dulu program itu, atau pakai port lain: PORT=8010 make run" >&2
    exit 1
fi
# Links and QR codes name the address of the site; they follow the port unless somebody chose one.
if [[ $PORT != 8000 ]] && ! grep -qs '^PUBLIC_BASE_URL=' .env; then
    export PUBLIC_BASE_URL=${PUBLIC_BASE_URL:-http://127.0.0.1:$PORT}
fi

# WhatsApp of the demo: unless somebody configured Twilio, the fake one of the tests answers on the
# next free port, with phones to play (simulator). TWILIO_ACCOUNT_SID= leaves it out.
proses=(web pekerja pesan)
mode=${BUGBUG_MODE:-$(sed -En 's/^(export )?BUGBUG_MODE=["'\'']?([a-z]*).*/\2/p' .env 2>/dev/null || true)}
if [[ $mode == demo && ! -v TWILIO_ACCOUNT_SID && ! -v TWILIO_ACCOUNT_SID_FILE ]] &&
    ! grep -Eqs '^(export )?TWILIO_ACCOUNT_SID(_FILE)?=' .env; then
    SIMULATOR_PORT=${SIMULATOR_PORT:-$((PORT + 1))}
    while (exec 3<>"/dev/tcp/127.0.0.1/$SIMULATOR_PORT") 2>/dev/null; do
        SIMULATOR_PORT=$((SIMULATOR_PORT + 1))
    done
    twilio=$(.venv/bin/python -m simulator.atur)
    mapfile -t twilio <<<"$twilio"
    export "${twilio[@]}" SIMULATOR_PORT
    export TWILIO_BASE_URL=http://127.0.0.1:$SIMULATOR_PORT
    export SIMULATOR_WA_URL=$TWILIO_BASE_URL/ SIMULATOR_SITUS=http://127.0.0.1:$PORT
    export WA_ME_URL=$TWILIO_BASE_URL/wa.me
    proses+=(wa)
fi

mkdir -p var # for beat's schedule, also when VAR_DIR is elsewhere
unset PYTHONDONTWRITEBYTECODE # without compiled modules every start takes seconds longer
.venv/bin/python manage.py siapkan

# No trap is needed here: honcho takes this shell's place, answers Ctrl-C (SIGINT) and SIGTERM by
# SIGTERM to the process group of each child, and SIGKILL after 5 s. What is left is a terminal that
# is closed (SIGHUP) or a `make` that is killed: for that every child asks the kernel for a SIGTERM
# when its parent dies. Where setpriv of util-linux is missing (not Linux), only that is missing.
ikut_mati=()
if setpriv --pdeathsig TERM true 2>/dev/null; then
    ikut_mati=(setpriv --pdeathsig TERM)
fi
export IKUT_MATI="${ikut_mati[*]}"
# -e: the application reads .env itself; honcho would let it win over the environment.
exec "${ikut_mati[@]}" .venv/bin/honcho -e /dev/null -f bugbug/skrip/Procfile start -p "$PORT" "${proses[@]}"
