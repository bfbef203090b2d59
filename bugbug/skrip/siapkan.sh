#!/usr/bin/env bash
# Prepares what `make run` (argument: jalan) or `make test` and `make check` (argument: uji) need:
# system libraries, .venv, and for `jalan` a first .env. Idempotent: what is there stays, and when
# nothing is missing it takes a fraction of a second. Never asks a question.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
akar=$(pwd -P)

readonly VERSI_UV=0.13.9
readonly PAKET_PDF=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)

mode=${1:-}
case $mode in
    jalan | uji) ;;
    *) echo "Cara pakai: bash bugbug/skrip/siapkan.sh jalan|uji" >&2 && exit 2 ;;
esac

gagal() {
    printf 'GAGAL: %s\n' "$*" >&2
    exit 1
}

# --- Python ------------------------------------------------------------------------------------

cukup_baru() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

cari_python() {
    local calon
    for calon in python3 python3.11 python3.12 python3.13 python3.14; do
        if cukup_baru "$calon"; then
            echo "$calon"
            return
        fi
    done
    return 1
}

# The scripts inside a .venv hold its absolute path, so a moved or copied project needs a new one.
venv_utuh() {
    cukup_baru .venv/bin/python && grep -qsF "$akar/.venv/bin/python" .venv/bin/pip
}

# --- System packages ---------------------------------------------------------------------------

pustaka_pdf_ada() { # the libraries that WeasyPrint opens with dlopen
    "$python" 2>/dev/null - <<'PY'
import ctypes

for nama in (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
):
    ctypes.CDLL(nama)
PY
}

perintah_apt() { # the command for a person to type
    echo "sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
}

boleh_apt() { # sets apt=(…) when packages may be installed without asking anybody
    command -v apt-get >/dev/null || return 1
    apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300)
    if ((EUID != 0)); then
        sudo -n true 2>/dev/null || return 1
        apt=(sudo -n "${apt[@]}")
    fi
}

pasang_apt() {
    local catatan hasil=0
    catatan=$(mktemp)
    echo "Memasang paket sistem: $* …"
    # The package lists are fetched only when the first try finds a package missing or outdated.
    "${apt[@]}" install --no-install-recommends "$@" </dev/null >"$catatan" 2>&1 || {
        "${apt[@]}" update </dev/null >>"$catatan" 2>&1 || true
        "${apt[@]}" install --no-install-recommends "$@" </dev/null >>"$catatan" 2>&1 || hasil=1
    }
    ((hasil == 0)) || tail -n 20 "$catatan" >&2
    rm -f "$catatan"
    return "$hasil"
}

siapkan_sistem() {
    local -a paket=()
    local versi
    pustaka_pdf_ada || paket+=("${PAKET_PDF[@]}")
    if ! venv_utuh && ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        versi=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        paket+=("python$versi-venv")
    fi
    ((${#paket[@]})) || return 0

    command -v apt-get >/dev/null || gagal "Pustaka Pango, HarfBuzz-subset dan Fontconfig (untuk" \
        "PDF) atau modul venv Python belum ada. Pasang dengan pengelola paket komputer ini, lalu ulangi."
    boleh_apt || gagal "Paket sistem belum lengkap dan akun Anda tidak boleh memasangnya." \
        "Jalankan sekali, lalu ulangi: $(perintah_apt "${paket[@]}")"
    pasang_apt "${paket[@]}" ||
        gagal "Paket sistem tidak dapat dipasang; sebabnya tertulis di atas." \
            "Coba sendiri, lalu ulangi: $(perintah_apt "${paket[@]}")"
    pustaka_pdf_ada || gagal "Pustaka PDF (Pango) sudah dipasang tetapi tetap tidak dapat dibuka" \
        "oleh $(command -v "$python"). Pakai Python bawaan sistem ini, lalu ulangi."
}

# Without these the suite still runs; it skips the tests that need them.
siapkan_alat_uji() {
    local -a paket=()
    command -v chromium >/dev/null || paket+=(chromium)
    { command -v pdftotext && command -v pdfinfo; } >/dev/null || paket+=(poppler-utils)
    ((${#paket[@]})) || return 0
    if ! { boleh_apt && pasang_apt "${paket[@]}"; }; then
        echo "DILEWATI: uji peramban dan uji PDF yang memerlukan ${paket[*]} tidak akan dijalankan." \
            "Untuk menjalankannya: $(perintah_apt "${paket[@]}")"
    fi
}

# --- Python packages ---------------------------------------------------------------------------

# A stamp says which lock files the .venv holds. Installing for `uji` writes both stamps, because
# the development lock contains the other.
sidik() {
    { .venv/bin/python -V && cat "$@"; } | sha256sum
}

sama() { # sama STEMPEL KUNCI…: does the stamp match the lock files as they are now?
    local stempel=.venv/.stempel-$1
    shift
    [[ -e $stempel && $(<"$stempel") == "$(sidik "$@")" ]]
}

siapkan_venv() {
    local kunci=requirements-run.lock
    venv_utuh || {
        echo "Membuat .venv …"
        "$python" -m venv --clear .venv
    }
    if [[ $mode == uji ]]; then
        ! sama uji requirements-run.lock requirements-dev.lock || return 0
    else
        ! sama jalan requirements-run.lock || return 0
    fi
    # Whoever develops here keeps the development tools after `make run`, too.
    if [[ $mode == uji || -e .venv/.stempel-uji ]]; then
        kunci=requirements-dev.lock
    fi

    echo "Memasang paket Python dari $kunci …"
    if pasang_uv && .venv/bin/uv pip sync -q --require-hashes --python .venv/bin/python "$kunci"; then
        :
    else
        echo "uv tidak dapat dipakai; melanjutkan dengan pip (lebih lambat) …"
        .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$kunci" ||
            gagal "Paket Python tidak dapat dipasang. Periksa sambungan internet, lalu ulangi."
    fi
    sidik requirements-run.lock >.venv/.stempel-jalan
    if [[ $kunci == requirements-dev.lock ]]; then
        sidik requirements-run.lock requirements-dev.lock >.venv/.stempel-uji
    fi
}

pasang_uv() {
    [[ $(.venv/bin/uv --version 2>/dev/null) == "uv $VERSI_UV"* ]] ||
        .venv/bin/python -m pip install -q --disable-pip-version-check "uv==$VERSI_UV" 2>/dev/null
}

# --- Settings of the demo ----------------------------------------------------------------------

siapkan_env() { # readable by its owner only; an existing .env is never touched
    [[ ! -e .env ]] || return 0
    local rahasia='import secrets; print(secrets.token_urlsafe(48))'
    (
        umask 077
        set -o noclobber
        cat >.env <<ENV
# Dibuat oleh \`make run\` untuk mencoba di komputer ini. Rahasia: jangan dibagikan atau dipakai di desa.
BUGBUG_MODE=demo
SECRET_KEY=demo-$("$python" -c "$rahasia")
PIN_PEPPER=demo-$("$python" -c "$rahasia")
ENV
    )
}

if venv_utuh; then
    python=.venv/bin/python
else
    python=$(cari_python) || gagal "Python 3.11 atau lebih baru tidak ditemukan." \
        "Di Debian 12+ atau Ubuntu 24.04+: $(perintah_apt python3 python3-venv)"
fi
siapkan_sistem
siapkan_venv
case $mode in
    jalan) siapkan_env ;;
    uji) siapkan_alat_uji ;;
esac
