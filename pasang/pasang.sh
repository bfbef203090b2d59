#!/usr/bin/env bash
# Puts the portal on Debian 12, 13 or Ubuntu 24.04, as root, from the folder that it lies in:
#
#   SITUS=surat.desa.id pasang/pasang.sh           install; the same again from a newer folder updates
#   pasang/pasang.sh mundur [VERSION]              go back to the release before, or to that one
#
# May be repeated; what the village has (secrets, settings, ports, certificate, data) is never overwritten.
# The environment can say: VERSI (name of the release), DATABASE_URL and REDIS_URL (of servers that are
# there already), PORT_HTTPS, PORT_HTTP, PORT_WEB (first of two), VENV (a ready one instead of pip), and
# AKAR: everything below that folder instead of /, without root, packages, users and systemd.
set -euo pipefail
sumber=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

AKAR=${AKAR:-}
readonly rumah=$AKAR/opt/bugbug atur=$AKAR/etc/bugbug data=$AKAR/var/lib/bugbug
readonly unit=$AKAR/etc/systemd/system
readonly PAKET=(python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig
    postgresql redis-server nginx openssl curl certbot)
sebagai=(runuser -u bugbug --)
[[ -z $AKAR ]] || sebagai=()

gagal() {
    printf 'GAGAL: %s\n' "$*" >&2
    exit 1
}

kata() { printf '== %s\n' "$*"; }

sistem() { # packages and the user that everything runs as
    [[ -z $AKAR ]] || return 0
    local ID='' VERSION_ID=''
    # shellcheck source=/dev/null
    . /etc/os-release
    case $ID:$VERSION_ID in
        debian:12 | debian:13 | ubuntu:24.04) ;;
        *) gagal "Skrip ini untuk Debian 12, Debian 13 atau Ubuntu 24.04, bukan $ID $VERSION_ID." ;;
    esac
    kata "Paket sistem"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update
    apt-get -qq -y install --no-install-recommends "${PAKET[@]}" >/dev/null
    id bugbug >/dev/null 2>&1 || useradd --system --home-dir /var/lib/bugbug --shell /usr/sbin/nologin bugbug
}

folder() {
    local milik=(-o root -g root) rahasia=(-o root -g bugbug) isi=(-o bugbug -g bugbug)
    [[ -z $AKAR ]] || milik=() rahasia=() isi=()
    install -d -m 755 "${milik[@]}" "$rumah" "$rumah/rilis" "$unit" "$AKAR/usr/local/bin"
    install -d -m 750 "${rahasia[@]}" "$atur" "$atur/rahasia"
    install -d -m 700 "${isi[@]}" "$data"
    install -d -m 700 "${milik[@]}" "$atur/tls"
    # Settings and secrets may have come back from a stick, or from a machine with other numbers.
    find "$atur" -path "$atur/tls" -prune -o -type f -exec chmod 640 {} +
    [[ -n $AKAR ]] || find "$atur" -path "$atur/tls" -prune -o -type f -exec chown root:bugbug {} +
}

isi() { # isi FILE NAME: what a setting says, empty without it
    [[ ! -e $1 ]] || sed -n "s/^$2=[\"']\{0,1\}\([^\"']*\).*/\1/p" "$1" | tail -n 1
}

port_port() { # those that the portal was installed with hold for every update
    local nama lama
    for nama in PORT_HTTP PORT_HTTPS PORT_WEB; do
        lama=$(isi "$atur/pasang.env" "$nama")
        [[ -z $lama ]] || printf -v "$nama" %s "$lama"
    done
    PORT_HTTP=${PORT_HTTP:-80} PORT_HTTPS=${PORT_HTTPS:-443} PORT_WEB=${PORT_WEB:-8001}
}

tulis() { # tulis FILE: standard input, only if the file is not there; for root and bugbug alone
    [[ ! -e $1 ]] || return 0
    (umask 077 && cat >"$1.baru")
    chmod 640 "$1.baru"
    [[ -n $AKAR ]] || chgrp bugbug "$1.baru"
    mv "$1.baru" "$1"
}

basis_data() { # a role and a database of its own, entered as the user of the system: no password
    local alamat=${DATABASE_URL:-postgres:///bugbug}
    [[ ! -e $atur/bugbug.env ]] || alamat=$(isi "$atur/bugbug.env" DATABASE_URL)
    [[ $alamat =~ ^postgres(ql)?:///bugbug$ ]] || return 0 # another server's: not ours to make
    kata "PostgreSQL"
    local psql=(runuser -u postgres -- psql -qtAX)
    [[ -z $AKAR ]] || psql=(psql -qtAX -U postgres)
    cd /
    [[ $("${psql[@]}" -d postgres -c "SELECT 1 FROM pg_roles WHERE rolname = 'bugbug'") == 1 ]] ||
        "${psql[@]}" -d postgres -c "CREATE ROLE bugbug LOGIN"
    [[ $("${psql[@]}" -d postgres -c "SELECT 1 FROM pg_database WHERE datname = 'bugbug'") == 1 ]] ||
        "${psql[@]}" -d postgres -c "CREATE DATABASE bugbug OWNER bugbug ENCODING 'UTF8' TEMPLATE template0"
}

pengaturan() {
    local nama
    for nama in secret_key pin_pepper kunci_sidik; do
        [[ -e $atur/rahasia/$nama ]] || openssl rand -hex 48 | tr -d '\n' | tulis "$atur/rahasia/$nama"
    done
    [[ -e $atur/bugbug.env || -n ${SITUS:-} ]] ||
        gagal "Nama situs belum disebut. Misalnya: SITUS=surat.desa.id pasang/pasang.sh"
    local port=:$PORT_HTTPS
    [[ $PORT_HTTPS != 443 ]] || port=''
    tulis "$atur/bugbug.env" <<ENV
# Settings of the portal; read by the services and by the command \`bugbug\`. NAME_FILE names a file
# that holds the value. After a change: systemctl restart bugbug.target
BUGBUG_MODE=produksi
ALLOWED_HOSTS=${SITUS:-}
PUBLIC_BASE_URL=https://${SITUS:-}$port
TRUSTED_PROXIES=1
VAR_DIR=$data
SECRET_KEY_FILE=$atur/rahasia/secret_key
PIN_PEPPER_FILE=$atur/rahasia/pin_pepper
KUNCI_SIDIK_FILE=$atur/rahasia/kunci_sidik
DATABASE_URL=${DATABASE_URL:-postgres:///bugbug}
REDIS_URL=${REDIS_URL:-redis://127.0.0.1:6379/0}
ENV
    tulis "$atur/pasang.env" <<ENV
# Ports that pasang.sh has set up; the two of nginx stand in its site too.
PORT_HTTP=$PORT_HTTP
PORT_HTTPS=$PORT_HTTPS
PORT_WEB=$PORT_WEB
ENV
    situs
    cat >"$AKAR/usr/local/bin/bugbug" <<PERINTAH
#!/bin/bash
# bugbug COMMAND…: manage.py of the release in use, with the settings and the user of the services, in
# the folder of who calls. The settings are read as systemd reads them: nothing in them is run.
set -euo pipefail
umask 077
while read -r baris || [[ -n \$baris ]]; do
    [[ \$baris =~ ^([A-Za-z_][A-Za-z0-9_]*)=(.*)\$ ]] || continue
    nama=\${BASH_REMATCH[1]} nilai=\${BASH_REMATCH[2]}
    [[ ! \$nilai =~ ^(\"(.*)\"|\'(.*)\')\$ ]] || nilai=\${BASH_REMATCH[2]}\${BASH_REMATCH[3]}
    export "\$nama=\$nilai"
done <$atur/bugbug.env
export HOME=$data
rilis=\${BUGBUG_RILIS:-$rumah/kini}
exec ${sebagai[*]} "\$rilis/.venv/bin/python" "\$rilis/manage.py" "\$@"
PERINTAH
    chmod 755 "$AKAR/usr/local/bin/bugbug"
}

situs() { # what the file says holds, not what the environment says this time
    SITUS=$(isi "$atur/bugbug.env" ALLOWED_HOSTS)
    SITUS=${SITUS%%,*}
}

rilis() { # the folder of one version: code, packages, static files; for root to change alone
    VERSI=${VERSI:-$(git -C "$sumber" rev-parse --short=12 HEAD 2>/dev/null || date +%Y%m%d-%H%M%S)}
    tujuan=$rumah/rilis/$VERSI
    [[ ! -e $tujuan/.lengkap ]] || return 0
    kata "Rilis $VERSI"
    rm -rf "$tujuan"
    mkdir -p "$tujuan"
    tar -C "$sumber" --exclude=./.git --exclude=./.venv --exclude=./.env --exclude=./var \
        --exclude=./static_kumpul --exclude=./tests --exclude=__pycache__ --exclude='./.*_cache' -cf - . |
        tar -C "$tujuan" --no-same-owner -xf -
    if [[ -n ${VENV:-} ]]; then
        ln -s "$VENV" "$tujuan/.venv"
    else
        python3 -m venv "$tujuan/.venv"
        "$tujuan/.venv/bin/pip" install -q --disable-pip-version-check --require-hashes \
            -r "$tujuan/requirements.lock" || gagal "Paket Python tidak dapat dipasang. Periksa internet."
    fi
    local sementara
    sementara=$(mktemp -d) # collecting files needs neither data nor secrets of the village
    (cd "$tujuan" && BUGBUG_MODE=demo VAR_DIR=$sementara SECRET_KEY=$(openssl rand -hex 32) \
        PIN_PEPPER=$(openssl rand -hex 32) .venv/bin/python manage.py collectstatic --noinput -v0)
    rm -rf "$sementara"
    (cd "$tujuan" && .venv/bin/python -m compileall -q bugbug layanan penduduk surat manage.py)
    echo "VERSI=$VERSI" >"$tujuan/versi.env"
    chmod -R u=rwX,go=rX "$tujuan"
    touch "$tujuan/.lengkap"
}

salin() { # salin FROM TO: with this machine's paths, ports and name
    sed -e "s#/opt/bugbug#$rumah#g; s#/etc/bugbug#$atur#g; s#/var/lib/bugbug#$data#g" \
        -e "s#/var/log/nginx#$AKAR/var/log/nginx#g; s#\\b8001\\b#$PORT_WEB#g; s#\\b8002\\b#$((PORT_WEB + 1))#g" \
        -e "s#surat\\.desa\\.example\\\$request_uri#$SITUS${port}\$request_uri#; s#surat\\.desa\\.example#$SITUS#g" \
        -e "s#\\(listen .*\\)\\b443\\b#\\1$PORT_HTTPS#; s#\\(listen .*\\)\\b80\\b#\\1$PORT_HTTP#" "$1" >"$2"
}

layanan() { # units, proxy, and a certificate until there is a real one
    local satu port=:$PORT_HTTPS
    [[ $PORT_HTTPS != 443 ]] || port=''
    mkdir -p "$unit/bugbug-.service.d"
    for satu in bugbug.target bugbug-{migrasi,web@,pekerja@,beat}.service bugbug-.service.d/aman.conf; do
        salin "$tujuan/pasang/systemd/$satu" "$unit/$satu"
    done
    for satu in "$atur"/tls/{fullchain,privkey}.pem; do
        [[ -e $satu ]] || rm -f "$satu" # a link into a /etc/letsencrypt that was not copied with it
    done
    if [[ ! -e $atur/tls/fullchain.pem && ! -e $atur/tls/privkey.pem ]]; then
        satu=$(openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj "/CN=$SITUS" \
            -keyout "$atur/tls/privkey.pem" -out "$atur/tls/fullchain.pem" 2>&1) ||
            gagal "Sertifikat sementara tidak dapat dibuat: $satu"
    fi
    mkdir -p "$AKAR/etc/nginx/sites-available" "$AKAR/etc/nginx/sites-enabled" "$AKAR/var/log/nginx"
    if [[ ! -e $AKAR/etc/nginx/sites-available/bugbug ]]; then # the village may have changed it
        salin "$tujuan/pasang/nginx/bugbug.conf" "$AKAR/etc/nginx/sites-available/bugbug"
        [[ -e /proc/net/if_inet6 ]] || sed -i '/listen \[::\]/d' "$AKAR/etc/nginx/sites-available/bugbug"
        ln -sfn ../sites-available/bugbug "$AKAR/etc/nginx/sites-enabled/bugbug"
    fi
    [[ -z $AKAR ]] || return 0
    rm -f /etc/nginx/sites-enabled/default
    nginx -qt
    systemctl daemon-reload
    systemctl -q enable --now postgresql redis-server nginx
    systemctl reload nginx
    systemctl -q enable bugbug.target
}

basis_maju() { # a backup of what is there, then the new schema while the old code still serves
    if [[ -e $rumah/kini ]] && grep -qs '^CADANGAN_KUNCI=age1' "$atur/bugbug.env"; then
        kata "Cadangan sebelum pembaruan"
        local hasil # of an empty village there is none, and nothing to lose
        hasil=$("$AKAR/usr/local/bin/bugbug" cadangkan 2>&1) ||
            [[ $hasil == *"tidak ada yang dicadangkan"* ]] || gagal "$hasil"
        printf '%s\n' "$hasil"
    fi
    kata "Skema basis data"
    BUGBUG_RILIS=$tujuan "$AKAR/usr/local/bin/bugbug" siapkan
}

ganti() { # ganti FOLDER: this release serves from now on; one process after the other
    local lama=''
    lama=$(readlink "$rumah/kini" || true)
    if [[ $lama != "$1" ]]; then
        [[ -z $lama ]] || { ln -sfn "$lama" "$rumah/sebelum.baru" && mv -T "$rumah/sebelum.baru" "$rumah/sebelum"; }
        ln -sfn "$1" "$rumah/kini.baru" && mv -T "$rumah/kini.baru" "$rumah/kini"
    fi
    [[ -z $AKAR ]] || return 0
    # Workers first: they can print what the former release has approved, and not the other way round.
    systemctl restart bugbug-pekerja@{pesan,surat,berkas} bugbug-beat
    local port
    for port in "$PORT_WEB" "$((PORT_WEB + 1))"; do
        systemctl restart "bugbug-web@$port"
        siap "$port" || gagal "Web pada port $port tidak siap: journalctl -u bugbug-web@$port." \
            "Kembali ke rilis sebelumnya: pasang/pasang.sh mundur"
    done
    systemctl start bugbug.target
}

siap() { # siap PORT: within two minutes
    local _
    for _ in {1..60}; do
        ! curl -fsS -o /dev/null -m 10 -H "Host: $SITUS" "http://127.0.0.1:$1/sehat/siap/" 2>/dev/null || return 0
        sleep 2
    done
    return 1
}

bersihkan() { # three releases stay; what is in use and the one before it always
    local satu ke=0
    while read -r satu; do
        [[ -e $satu/.lengkap ]] && ((++ke <= 3)) && continue
        [[ $satu -ef $rumah/kini || $satu -ef $rumah/sebelum ]] || rm -rf "$satu"
    done < <(ls -1dt "$rumah"/rilis/*)
}

mundur() { # mundur [VERSION]
    tujuan=$(readlink -f "${1:+$rumah/rilis/$1}" 2>/dev/null || readlink "$rumah/sebelum" || true)
    [[ -e $tujuan/.lengkap ]] || gagal "Rilis itu tidak ada. Yang ada: $(ls "$rumah/rilis")"
    [[ -n ${1:-} || ! $tujuan/.lengkap -nt $rumah/kini/.lengkap ]] ||
        gagal "Portal sudah mundur: rilis ${tujuan##*/} lebih baru daripada yang dipakai. Sebutkan rilisnya:" \
            "pasang/pasang.sh mundur VERSI. Yang ada: $(ls "$rumah/rilis")"
    kata "Dari rilis $(basename "$(readlink "$rumah/kini")") ke rilis ${tujuan##*/}"
    situs
    ganti "$tujuan"
}

{ # read to its end before it begins: an update may put another script in this place
    [[ -n $AKAR || $EUID == 0 ]] || gagal "Jalankan sebagai root: sudo pasang/pasang.sh"
    umask 022
    port_port
    case ${1:-pasang} in
        pasang)
            sistem
            folder
            basis_data
            pengaturan
            rilis
            layanan
            basis_maju
            ganti "$tujuan"
            bersihkan
            kata "Rilis $VERSI melayani https://$SITUS/"
            ;;
        mundur)
            mundur "${2:-}"
            kata "Rilis ${tujuan##*/} melayani https://$SITUS/"
            ;;
        *) gagal "Cara pakai: pasang/pasang.sh [pasang | mundur [VERSI]]" ;;
    esac
    exit
}
