#!/usr/bin/env bash
# Known holes in the Python packages that the lock file names, asked of OSV. A hole is a failure;
# a source that cannot be reached is not, but is said.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

audit=${PIP_AUDIT:-.venv/bin/pip-audit}
sumber=${OSV_URL:-https://api.osv.dev/v1/query}
if ! command -v "$audit" >/dev/null; then
    echo "DILEWATI: celah paket Python tidak diperiksa (pip-audit belum terpasang)."
    exit 0
fi
catatan=$(mktemp)
trap 'rm -f "$catatan"' EXIT

# --no-deps, --disable-pip: the lock names all of them; nothing is installed or run.
if temuan=$("$audit" --vulnerability-service osv --osv-url "$sumber" --no-deps --disable-pip \
    --progress-spinner off --timeout 10 --requirement "${1:-requirements-dev.lock}" 2>"$catatan"); then
    echo "Celah paket Python: tidak ada yang dikenal di $sumber."
elif [[ -n $temuan ]]; then
    printf '%s\n' "$temuan" "GAGAL: paket di atas berlubang. Naikkan versinya, lalu make kunci." >&2
    exit 1
elif grep -qE 'ConnectionError|ConnectTimeout|ReadTimeout|ServiceError|HTTPError' "$catatan"; then
    echo "DILEWATI: celah paket Python tidak diperiksa ($sumber tidak terjangkau)."
else
    cat "$catatan" >&2
    exit 1
fi
