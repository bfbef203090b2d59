"""The files that put the portal on a machine say the same, and are what their programs read."""

import re
import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
import yaml
from django.core.management import get_commands

from tests.arsitektur.rumah import AKAR, PRODUKSI
from tests.produksi.panggung import instans, unit
from tests.test_kiriman import MENERIMA

PASANG = AKAR / "pasang"
UNIT = PASANG / "systemd"
COMPOSE = yaml.safe_load((AKAR / "compose.yaml").read_text())
LAYANAN = COMPOSE["services"]
DARI_KITA = {nama for nama, isi in LAYANAN.items() if isi.get("image", "").startswith("bugbug:")}
SEMUA = sorted({*UNIT.glob("*.service"), UNIT / "bugbug.target"})


def _perintah(nama: str, untuk: str = "") -> list[str]:
    """The command of a unit, without the folder of its programs."""
    (baris,) = unit(UNIT / f"{nama}.service", untuk)["ExecStart"]
    program, *lain = shlex.split(baris)
    return [Path(program).name, *lain]


def test_containers_start_what_the_units_start():
    web = [LAYANAN[nama]["command"] for nama in ("web-1", "web-2")]
    assert (
        web == [[x.replace("127.0.0.1", "0.0.0.0") for x in _perintah("bugbug-web@", "8000")]] * 2
    )
    antrean = instans(UNIT / "bugbug.target", "bugbug-pekerja")
    assert antrean == ["pesan", "surat", "berkas"]
    for satu in antrean:
        assert LAYANAN[f"pekerja-{satu}"]["command"] == _perintah("bugbug-pekerja@", satu)
    beat = [x.replace("/var/lib/bugbug", "/data") for x in _perintah("bugbug-beat")]
    assert sorted(LAYANAN["beat"]["command"]) == sorted(beat)
    assert LAYANAN["migrasi"]["command"] == _perintah("bugbug-migrasi")


def test_containers_of_ours_are_closed_and_fit_on_a_small_machine():
    assert len(DARI_KITA) == 7
    for nama in DARI_KITA:
        satu = LAYANAN[nama]
        assert (satu["read_only"], satu["cap_drop"]) == (True, ["ALL"]), nama
        assert satu["secrets"] == ["secret_key", "pin_pepper", "kunci_sidik", "database_url"]
    assert "\nUSER bugbug\n" in (PASANG / "wadah/Dockerfile").read_text()
    batas = [
        satu["deploy"]["resources"]["limits"]
        for nama, satu in LAYANAN.items()
        if nama != "migrasi"  # has ended before the others begin
    ]
    assert sum(float(satu["cpus"]) for satu in batas) <= 2
    assert sum(int(satu["memory"].removesuffix("M")) for satu in batas) <= 4096 - 400  # the system


def test_no_secret_stands_in_the_compose_file():
    for nama, isi in COMPOSE["secrets"].items():
        assert isi == {"file": f"./rahasia/{nama}"}
    ada = set(re.findall(r"/run/secrets/(\w+)", (PASANG / "wadah/portal.env").read_text()))
    assert ada == {*COMPOSE["secrets"]} - {"postgres_password"}


def _ada(alat: list[str]) -> bool:
    if shutil.which(alat[0]) is None:
        return False  # and docker may lack its plugin
    return subprocess.run([*alat, "version"], capture_output=True, check=False).returncode == 0


def test_compose_reads_its_file():
    alat = next((satu for satu in (["docker", "compose"], ["docker-compose"]) if _ada(satu)), None)
    if alat is None:
        pytest.skip("DILEWATI: docker compose tidak terpasang")

    hasil = subprocess.run(
        [*alat, "-f", str(AKAR / "compose.yaml"), "config"],
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "SITUS": "surat.desa.id"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert hasil.returncode == 0, hasil.stderr
    assert "PUBLIC_BASE_URL: https://surat.desa.id" in hasil.stdout


def test_systemd_finds_no_fault_in_the_units(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("DILEWATI: systemd-analyze tidak terpasang")
    shutil.copytree(UNIT, tmp_path, dirs_exist_ok=True)
    nama = [f"{b.name.replace('@', '@8001')}" for b in SEMUA]

    hasil = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *nama],
        env={"PATH": "/usr/bin:/bin", "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    keluhan = [b for b in hasil.stderr.splitlines() if "bugbug" in b]
    # The release itself is not on this machine.
    assert [b for b in keluhan if "is not executable: No such file" not in b] == []


@pytest.mark.parametrize("berkas", SEMUA[:-1], ids=lambda b: b.name)
def test_every_process_runs_as_its_user_may_write_its_data_only_and_has_a_limit(berkas):
    isi = unit(berkas, "x")

    assert isi["User"] == ["bugbug"]
    assert isi["ProtectSystem"] == ["strict"]
    assert isi["ReadWritePaths"] == ["/var/lib/bugbug"]
    assert isi["NoNewPrivileges"] == ["yes"]
    assert int(isi["MemoryMax"][0].removesuffix("M")) <= 900


@pytest.mark.parametrize("nama", ["sibuk", "besar"])
def test_pages_of_the_proxy_need_nobody_else(nama):
    isi = (PASANG / f"galat/{nama}.html").read_text()

    assert re.findall(r'(?:href|src)="([^"]+)"', isi) == ["/"]
    assert "url(" not in isi and "tidak hilang" in isi


ADA_NGINX = pytest.mark.skipif(not shutil.which("nginx"), reason="DILEWATI: nginx tidak terpasang")


@contextmanager
def nginx(tmp_path: Path, awal: str = "", ganti: tuple[tuple[str, str], ...] = ()) -> Iterator[str]:
    """Without TLS, in front of nobody; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as satu:
        port = satu.getsockname()[1]
    atas, _, aman = (PASANG / "nginx/bugbug.conf").read_text().split("\nserver {\n")
    situs = re.sub(r".*(ssl_|listen \[).*", "", f"{atas}\nserver {{\n{aman}")
    for dari, ke in (
        ("443 ssl http2", f"127.0.0.1:{port}"),
        ("127.0.0.1:8001", "127.0.0.1:9"),
        ("127.0.0.1:8002", "127.0.0.1:9"),
        ("/opt/bugbug/kini", str(AKAR)),
        ("/var/log/nginx", str(tmp_path)),
        *ganti,
    ):
        situs = situs.replace(dari, ke)
    atur, http = tmp_path / "nginx.conf", f"http {{ {awal} {situs} }}"
    atur.write_text(f"pid {tmp_path}/pid; error_log {tmp_path}/g; events {{}} {http}")
    perintah = ["nginx", "-c", str(atur), "-p", str(tmp_path)]
    subprocess.run(perintah, check=True, capture_output=True)  # listens when this has ended
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        subprocess.run([*perintah, "-s", "stop"], check=True, capture_output=True)


@ADA_NGINX
@pytest.mark.parametrize(
    ("jalur", "kepala", "kode", "halaman"),
    [
        ("masuk/", "Expect:", 413, "besar"),
        ("masuk/", "Transfer-Encoding: chunked", 411, "besar"),
        ("pin/minta/", "Expect:", 502, "sibuk"),
    ],
)
def test_page_of_the_proxy_is_ours_however_much_was_sent(tmp_path, jalur, kepala, kode, halaman):
    with nginx(tmp_path) as alamat:
        kirim = ["curl", "-s", "-H", kepala, "--data-binary", "@-", "-w", "%{http_code}"]
        kirim.append(f"{alamat}{jalur}")
        jawab = subprocess.run(kirim, input=b"x" * 3_000_000, capture_output=True, check=True)

    assert jawab.stdout.decode() == (PASANG / f"galat/{halaman}.html").read_text() + str(kode)


@ADA_NGINX
def test_proxy_limits_an_ipv6_phone_by_its_network_and_ipv4_by_its_address(tmp_path):
    """One page a minute for each, and a header that says who asks."""
    awal = "set_real_ip_from 127.0.0.1; real_ip_header X-Uji;"
    sempit = (("rate=20r/s", "rate=1r/m"), ("burst=200 nodelay", ""))
    dari = ["2001:db8:1:2::a", "2001:db8:1:2:ffff:a0d::b", "2001:db8:1:3::a", "192.0.2.1"]
    with nginx(tmp_path, awal, sempit) as alamat:
        jawab = [
            requests.get(alamat, headers={"X-Uji": satu}, timeout=10).status_code
            for satu in [*dari, "192.0.2.2", "192.0.2.1"]
        ]

    assert jawab == [502, 429, 502, 502, 502, 429]


def test_both_caddyfiles_differ_only_in_how_a_body_is_kept_waiting():
    baru, lama = (
        (PASANG / f"caddy/{nama}").read_text().splitlines()[1:]
        for nama in ("Caddyfile", "Caddyfile-2.6")
    )

    beda = [pasang for pasang in zip(baru, lama, strict=True) if pasang[0] != pasang[1]]
    assert beda == [("\t\trequest_buffers 121MiB", "\t\tbuffer_requests")]


@pytest.mark.parametrize(
    ("argumen", "kata"),
    [
        ([], "Nama situs belum disebut"),
        (["mundur"], "Rilis itu tidak ada"),
        (["hapus"], "Cara pakai"),
    ],
)
def test_the_script_says_what_is_wrong_and_changes_nothing_that_is_there(tmp_path, argumen, kata):
    hasil = subprocess.run(
        ["bash", str(PASANG / "pasang.sh"), *argumen],
        env={"PATH": "/usr/bin:/bin", "AKAR": str(tmp_path), "DATABASE_URL": "postgres:///x"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert hasil.returncode == 1
    assert kata in hasil.stderr
    assert not (tmp_path / "opt/bugbug/kini").exists()


@pytest.mark.parametrize("berkas", ["nginx/bugbug.conf", "caddy/portal.caddy"])
def test_the_door_takes_files_where_the_house_does(berkas):
    """And there as many bytes; what stands in neither pattern, the door refuses at 2 MB."""
    isi = (AKAR / "pasang" / berkas).read_text()
    pola = re.findall(r'(?:location ~ "|path_regexp )(\^/(?:\(layanan|\(cek).+\$)', isi)
    assert len(pola) == 2
    for alamat, (bita, _) in MENERIMA.items():
        contoh = "/" + re.sub(r"<path:[^>]+>", "1", re.sub(r"<slug:[^>]+>", "P-2026-0001", alamat))
        cocok = [satu for satu in pola if re.match(satu, contoh)]
        assert cocok == [pola[0] if bita > 41 * 1024 * 1024 else pola[1]], contoh
    assert not any(re.match(satu, "/kelola/surat/jenissurat/add/") for satu in pola)


def test_the_documents_name_commands_that_are_there():
    """On a server `manage.py` is called `bugbug`; a technician types what stands there."""
    for berkas in [*(AKAR / "docs/id").glob("*.md"), AKAR / "docs/operasi.md"]:
        isi = berkas.read_text()
        disebut = set(re.findall(r"(?:`|^ +)bugbug ([a-z]\w+)", isi, re.MULTILINE))
        assert disebut <= {*get_commands()}, berkas.name
        if berkas.parent.name == "id":
            assert "manage.py" not in isi, berkas.name
    assert "cadangkan" in disebut


def test_no_sentence_of_the_portal_calls_the_command_otherwise_than_the_village():
    """settings.PERINTAH says what it is called; docstrings are for developers."""
    for berkas in [*PRODUKSI, *(AKAR / "templates").rglob("*.*")]:
        isi = re.sub(r'""".*?"""', "", berkas.read_text(), flags=re.DOTALL)
        disebut = re.findall(r".*manage\.py [a-z].*", isi)
        assert [b for b in disebut if not b.startswith("_ASAL")] == [], berkas
    assert "PERINTAH=docker compose run --rm migrasi python manage.py" in (
        (PASANG / "wadah/portal.env").read_text().splitlines()
    )
