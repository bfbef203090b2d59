"""pasang/pasang.sh below a folder of its own: what it leaves there. Its Python does nothing."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.arsitektur.rumah import AKAR
from tests.produksi import panggung
from tests.produksi.lambat import halaman_penolak
from tests.proses import Proses, ambil, port_bebas, tunggu

_SKRIP = """#!/bin/sh
case "$2" in
    cadangkan) [ ! -e "$AKAR/galat" ] || {{ cat "$AKAR/galat" >&2; exit 1; }} ;;
    tunjuk) exec {python} -c "$TUNJUK" "$@" ;;
esac
"""
_TUNJUK = "import json, os, sys; print(json.dumps([os.getcwd(), sys.argv[1:], dict(os.environ)]))"
_PSQL = '#!/bin/sh\necho "$*" >>"$AKAR/psql.log"\n'


class Mesin:
    """`akar` stands for /. A psql that answers nothing writes down what it is asked."""

    def __init__(self, akar: Path) -> None:
        self.akar = akar
        self.atur = akar / "etc/bugbug"
        self.rilis = akar / "opt/bugbug/rilis"
        self._program(akar / "venv/bin/python", _SKRIP.format(python=sys.executable))
        self._program(akar / "program/psql", _PSQL)
        self.lingkungan = {
            "PATH": f"{akar}/program:/usr/local/bin:/usr/bin:/bin",
            "AKAR": str(akar),
            "VENV": str(akar / "venv"),
        }

    def _program(self, berkas: Path, isi: str) -> None:
        berkas.parent.mkdir(parents=True)
        berkas.write_text(isi)
        berkas.chmod(0o755)

    def jalan(self, *argumen: str, **lain: str) -> subprocess.CompletedProcess[str]:
        baris = ["bash", str(AKAR / "pasang/pasang.sh"), *argumen]
        env = self.lingkungan | {"SITUS": "surat.desa.id"} | lain
        return subprocess.run(
            baris, env=env, capture_output=True, text=True, timeout=120, check=False
        )

    def pasang(self, versi: str, **lain: str) -> None:
        """The release is there already: packing it up is not what these tests ask about."""
        (self.rilis / versi).mkdir(parents=True, exist_ok=True)
        (self.rilis / versi / ".venv").symlink_to(self.akar / "venv")
        (self.rilis / versi / "pasang").symlink_to(AKAR / "pasang")
        (self.rilis / versi / ".lengkap").touch()
        hasil = self.jalan(VERSI=versi, **lain)
        assert hasil.returncode == 0, hasil.stderr

    def umurkan(self, versi: str, detik: int) -> None:
        """So long ago this release was put together."""
        for satu in (self.rilis / versi, self.rilis / versi / ".lengkap"):
            kapan = satu.stat().st_mtime - detik
            os.utime(satu, (kapan, kapan))

    def bugbug(self, *argumen: str, di: Path) -> tuple[str, list[str], dict[str, str]]:
        hasil = subprocess.run(
            [str(self.akar / "usr/local/bin/bugbug"), *argumen],
            cwd=di,
            env={"PATH": "/usr/bin:/bin", "HOME": "/root", "TUNJUK": _TUNJUK},
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        return tuple(json.loads(hasil.stdout))

    @property
    def kini(self) -> str:
        return (self.akar / "opt/bugbug/kini").readlink().name


@pytest.fixture
def mesin(tmp_path):
    return Mesin(tmp_path)


def test_a_copied_folder_of_settings_is_enough_on_a_new_machine(mesin):
    """Secrets from a stick, certificates that lead nowhere, and no database yet."""
    mesin.pasang("satu")
    (mesin.akar / "psql.log").unlink()
    for nama in ("fullchain", "privkey"):
        (mesin.atur / f"tls/{nama}.pem").unlink()
        (mesin.atur / f"tls/{nama}.pem").symlink_to(f"/tidak/ada/{nama}.pem")
    pepper = mesin.atur / "rahasia/pin_pepper"
    isi = pepper.read_text()
    pepper.chmod(0o604)

    mesin.pasang("dua", SITUS="lain.desa.id")

    ditanya = (mesin.akar / "psql.log").read_text()
    assert "CREATE ROLE bugbug LOGIN" in ditanya
    assert "CREATE DATABASE bugbug OWNER bugbug" in ditanya
    for nama in ("fullchain", "privkey"):
        assert "-----BEGIN" in (mesin.atur / f"tls/{nama}.pem").read_text()
        assert not (mesin.atur / f"tls/{nama}.pem").is_symlink()
    assert (pepper.read_text(), pepper.stat().st_mode & 0o777) == (isi, 0o640)
    assert "ALLOWED_HOSTS=surat.desa.id\n" in (mesin.atur / "bugbug.env").read_text()


def test_another_servers_database_and_a_real_certificate_are_left_alone(mesin):
    mesin.pasang("satu", DATABASE_URL="postgres://x@db/y")
    sertifikat = [(b, b.read_text()) for b in sorted((mesin.atur / "tls").iterdir())]

    mesin.pasang("dua")

    assert not (mesin.akar / "psql.log").exists()
    assert [(b, b.read_text()) for b in sorted((mesin.atur / "tls").iterdir())] == sertifikat
    assert len(sertifikat) == 2


def test_why_a_certificate_could_not_be_made_is_said(mesin):
    mesin.pasang("satu")
    for satu in (mesin.atur / "tls").iterdir():
        satu.unlink()
    mesin._program(mesin.akar / "program2/openssl", "#!/bin/sh\necho cakram penuh >&2\nexit 1\n")

    hasil = mesin.jalan(VERSI="satu", PATH=f"{mesin.akar}/program2:{mesin.lingkungan['PATH']}")

    assert hasil.returncode == 1
    assert "Sertifikat sementara tidak dapat dibuat: cakram penuh" in hasil.stderr


def test_the_command_reads_settings_as_systemd_does_and_stays_where_its_caller_is(mesin):
    mesin.pasang("satu")
    with (mesin.atur / "bugbug.env").open("a") as berkas:
        berkas.write(
            "ALARM_SUREL=a@b.id, c@d.id\n"
            f"EMAIL_URL=smtp+tls://x:y$(touch {mesin.akar}/jalan)`id`@h:587/?a=1&b=$HOME\n"
            "DATABASE_URL=postgres://u:p$$@db/b?sslmode=require&connect_timeout=5\n"
            'TWILIO_CONTENT_SIDS={"diproses": "HX1"}\n'
            'EMAIL_FROM="Kantor Desa <desa@desa.example>"\n'
            "; catatan\n#PIN_PEPPER=lain\n"
            'KUTIP="dua kata"\n'
            "TUNGGAL='a \"b\" c'\n"
            "AKHIR=tanpa baris baru"
        )
    rumah = mesin.akar / "rumah teknisi"
    rumah.mkdir()

    di, argumen, env = mesin.bugbug("tunjuk", "daftar ini.xlsx", di=rumah)

    assert di == str(rumah)
    assert argumen == [
        str(mesin.akar / "opt/bugbug/kini/manage.py"),
        "tunjuk",
        "daftar ini.xlsx",
    ]
    assert env["ALARM_SUREL"] == "a@b.id, c@d.id"
    assert env["EMAIL_URL"].endswith("`id`@h:587/?a=1&b=$HOME")
    assert env["DATABASE_URL"] == "postgres://u:p$$@db/b?sslmode=require&connect_timeout=5"
    assert env["TWILIO_CONTENT_SIDS"] == '{"diproses": "HX1"}'
    assert env["EMAIL_FROM"] == "Kantor Desa <desa@desa.example>"
    assert (env["KUTIP"], env["TUNGGAL"]) == ("dua kata", 'a "b" c')
    assert env["AKHIR"] == "tanpa baris baru"
    assert env["BUGBUG_MODE"] == "produksi"
    assert env["HOME"] == str(mesin.akar / "var/lib/bugbug")  # rclone looks there
    assert not (mesin.akar / "jalan").exists()
    assert "PIN_PEPPER" not in env


def test_an_update_keeps_the_ports(mesin):
    mesin.pasang("satu", PORT_WEB="9001", PORT_HTTPS="8443", PORT_HTTP="8080")
    target = mesin.akar / "etc/systemd/system/bugbug.target"
    semula = target.read_text()
    assert "bugbug-web@9001.service bugbug-web@9002.service" in semula

    mesin.pasang("dua")

    assert target.read_text() == semula
    assert "PORT_HTTPS=8443\n" in (mesin.atur / "pasang.env").read_text()


def test_three_releases_stay_and_always_those_in_use(mesin):
    for ke, nama in enumerate(("satu", "dua", "tiga", "empat")):
        mesin.pasang(nama)
        mesin.umurkan(nama, 100 - ke)
    (mesin.rilis / "putus").mkdir()  # never finished
    assert mesin.jalan("mundur", "dua").returncode == 0

    mesin.pasang("lima")

    # `dua` is neither of the newest three, but the one before.
    assert {b.name for b in mesin.rilis.iterdir()} == {"dua", "tiga", "empat", "lima"}


def test_an_update_stops_without_a_backup_but_not_for_a_village_without_people(mesin):
    mesin.pasang("satu")
    with (mesin.atur / "bugbug.env").open("a") as berkas:
        berkas.write("CADANGAN_KUNCI=age1x\n")
    galat = mesin.akar / "galat"
    galat.write_text("CommandError: cakram penuh\n")
    hasil = mesin.jalan(VERSI="satu")
    assert (hasil.returncode, "cakram penuh" in hasil.stderr) == (1, True)

    galat.write_text("CommandError: Belum ada akun: tidak ada yang dicadangkan.\n")
    mesin.pasang("dua")
    assert mesin.kini == "dua"


def test_going_back_twice_does_not_bring_the_bad_release_back(mesin):
    mesin.pasang("satu")
    mesin.umurkan("satu", 60)
    mesin.pasang("buruk")

    satu_kali = mesin.jalan("mundur")
    assert "Dari rilis buruk ke rilis satu" in satu_kali.stdout
    assert mesin.kini == "satu"
    dua_kali = mesin.jalan("mundur")

    assert dua_kali.returncode == 1
    assert "buruk lebih baru daripada yang dipakai" in dua_kali.stderr
    assert mesin.kini == "satu"
    assert mesin.jalan("mundur", "buruk").returncode == 0
    assert mesin.kini == "buruk"


@pytest.fixture
def pintu(mesin):
    """nginx with the file of the release: its port with TLS, and the first of two web processes."""
    if not shutil.which("nginx"):
        pytest.skip("DILEWATI: nginx tidak terpasang")
    https, http, web = port_bebas(), port_bebas(), port_bebas(2)
    mesin.pasang("satu", PORT_HTTPS=str(https), PORT_HTTP=str(http), PORT_WEB=str(web))
    nginx = mesin.akar / "nginx.conf"
    sebagai = "user root; " if os.geteuid() == 0 else ""  # whose alone this folder is
    nginx.write_text(sebagai + panggung.TULANG.format(akar=mesin.akar))
    baris, catatan = ["nginx", "-c", str(nginx)], mesin.akar / "nginx-keluar.log"
    server = Proses("nginx", baris, dict(os.environ), catatan=catatan)
    try:
        tunggu(lambda: ambil(https, "/", tls=True)[0] == 502, server)  # nobody stands behind it
        yield https, web
    finally:
        server.hentikan()


def test_what_the_door_refuses_gets_our_page_in_both_kinds_of_http(pintu):
    judul = "<h1>Kiriman ini terlalu besar</h1>"
    for nama, jawab in halaman_penolak(pintu[0]).items():
        assert jawab == ("411" if nama.startswith("tanpa panjang") else "413", judul), nama


def test_door_lets_all_in_as_soon_as_one_web_process_is_back(pintu):
    """Not only a first one, to see how it fares, while the others hear that nobody is there."""
    https, web = pintu

    class Lambat(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(0.1)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", web), Lambat) as satu, ThreadPoolExecutor(8) as kolam:
        utas = threading.Thread(target=satu.serve_forever, kwargs={"poll_interval": 0.01})
        utas.start()
        jawab = list(kolam.map(lambda _: ambil(https, "/", tls=True)[0], range(8)))
        satu.shutdown()
        utas.join()

    assert jawab == [200] * 8
