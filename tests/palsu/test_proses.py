"""The fake as a process of its own: options, levers, report."""

import contextlib
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
import requests
from django.conf import settings
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from tests.palsu.conftest import SID, kode_dari, sdk
from tests.perjalanan.pekerja import tunggu
from tests.proses import port_bebas

pytestmark = [pytest.mark.lambat, pytest.mark.sekali]
AKUN, SANDI = "AC" + "1" * 32, "sandi-proses"
PENGIRIM = "whatsapp:+628110000001"
PUBLIK = "https://desa.example"


class Situs(ThreadingHTTPServer):
    """The portal's side over real HTTP/1.1: keeps what came in, and over how many connections."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Penerima)
        self.isi: list[tuple[str, str, dict[str, str]]] = []
        self.sambungan: set[tuple[str, int]] = set()
        self.jawab = 204

    @property
    def alamat(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Penerima(BaseHTTPRequestHandler):
    server: Situs
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        badan = self.rfile.read(int(self.headers["Content-Length"])).decode()
        tanda = self.headers["X-Twilio-Signature"]
        self.server.isi.append((self.path, tanda, dict(parse_qsl(badan, keep_blank_values=True))))
        self.server.sambungan.add(self.client_address)
        self.send_response(self.server.jawab)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@dataclass
class Proses:
    popen: subprocess.Popen
    alamat: str
    berkas: Path
    kesalahan: list[str] = field(default_factory=list)

    @property
    def klien(self) -> Client:
        return sdk(self.alamat, AKUN, SANDI, timeout=1)

    def kirim(self, ke: str, nilai: str = "P-1", **isi):
        isi = isi or {"content_sid": SID, "content_variables": json.dumps({"1": nilai})}
        return self.klien.messages.create(
            to=f"whatsapp:{ke}",
            from_=PENGIRIM,
            status_callback=f"{PUBLIK}/webhook/twilio/status/?n=7",
            **isi,
        )

    def lihat(self) -> dict:
        return requests.get(f"{self.alamat}/palsu/laporan", timeout=2).json()

    def berhenti(self) -> dict:
        self.popen.send_signal(signal.SIGTERM)
        assert self.popen.wait(10) == 0
        assert self.popen.stderr.read() == ""
        return json.loads(self.berkas.read_text(encoding="utf-8"))


def _perintah(*pilihan: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "simulator.twilio_palsu", *pilihan],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def situs() -> Iterator[Situs]:
    with Situs() as satu:
        utas = threading.Thread(target=satu.serve_forever, kwargs={"poll_interval": 0.01})
        utas.start()
        yield satu
        satu.shutdown()
        utas.join(5)


@pytest.fixture
def jalan(tmp_path: Path, situs: Situs):
    """Start one with further options; dictionaries become files."""
    with contextlib.ExitStack() as tumpukan:

        def mulai(*pilihan: str, **berkas: dict) -> Proses:
            berkas = {"templat": {SID: "Kabar permohonan {{1}} hari ini."}} | berkas
            for nama, isi in berkas.items():
                (tmp_path / nama).write_text(json.dumps(isi), encoding="utf-8")
                pilihan += (f"--{nama.replace('_', '-')}", str(tmp_path / nama))
            laporan = tmp_path / "laporan.json"
            popen = tumpukan.enter_context(
                _perintah(
                    *("--account-sid", AKUN, "--auth-token", SANDI, "--pengirim", PENGIRIM),
                    *("--lewat", situs.alamat, "--laporan", str(laporan)),
                    *("--url-masuk", f"{PUBLIK}/webhook/twilio/masuk/"),
                    *pilihan,
                )
            )
            tumpukan.callback(popen.kill)
            kata, _, alamat = popen.stdout.readline().strip().partition(" ")
            assert kata == "siap", popen.stderr.read()
            return Proses(popen, alamat, laporan)

        yield mulai


def test_messages_callbacks_and_report(jalan, situs):
    proses = jalan("--kabar", "sent:0.05,delivered:0.05", "--rinci")
    for ke, nilai in (("1", "P-1"), ("2", "P-1"), ("1", "P-1"), ("1", "P-2")):
        proses.kirim(f"+628123456789{ke}", nilai)
    assert kode_dari(lambda: proses.kirim("+62811")) == (400, 21211)
    tunggu(lambda: len(situs.isi) == 8 and proses.lihat()["kabar_sisa"] == 0, detik=15)

    laporan = proses.berhenti()

    assert laporan["cacah"] == {
        "diterima": 4,
        "ditolak_400": 1,
        "kabar_dijawab": 8,
        "kabar_dikirim": 8,
        "panggilan_POST": 5,
    }
    assert laporan["status"] == {"delivered": 4}
    assert laporan["ganda"] == {"penerima_dan_teks": 1, "kelebihan": 1}
    assert len(laporan["kabar_ms_semua"]) == 8
    assert 0 < laporan["kabar_ms"]["p50"] <= laporan["kabar_ms"]["p99"] < 5000
    assert [p["ke"][-1] for p in laporan["pesan"]] == ["1", "2", "1", "1"]
    path, tanda, isi = situs.isi[0]
    assert path == "/webhook/twilio/status/?n=7"
    assert RequestValidator(SANDI).validate(PUBLIK + path, isi, tanda)
    assert len(situs.sambungan) < 8, "connections are used again"


def test_planned_trouble_and_failures_by_number(jalan, situs):
    proses = jalan("--benih", "3", gangguan={"sibuk_429": 1}, gagal_nomor={"0024": 63024})

    assert kode_dari(lambda: proses.kirim("+6281200000024")) == (429, 20429)
    lever = f"{proses.alamat}/palsu/gangguan"
    assert requests.post(lever, json={}, timeout=2).json()["peluang"]["sibuk_429"] == 0
    proses.kirim("+6281200000024")
    tunggu(lambda: [i.get("ErrorCode") for _, _, i in situs.isi] == ["63024"], detik=15)

    laporan = proses.berhenti()
    assert laporan["gangguan_acak"] == {"sibuk_429": 1}
    assert laporan["cacah"]["ditolak_429"] == 1
    assert (laporan["status"], laporan["kode_galat"]) == ({"undelivered": 1}, {"63024": 1})
    assert laporan["rencana"]["benih"] == 3


def test_site_that_refuses_is_counted_and_not_asked_again(jalan, situs):
    situs.jawab = 503
    proses = jalan("--kabar", "sent:0.02,delivered:0.02")
    proses.kirim("+6281234567890")
    tunggu(lambda: proses.lihat()["cacah"].get("kabar_ditolak_503") == 2, detik=15)

    laporan = proses.berhenti()

    assert laporan["status"] == {"delivered": 1}, "Twilio knows better than the site"
    assert len(situs.isi) == laporan["cacah"]["kabar_dikirim"] == 2


def test_site_that_is_down_is_counted_and_not_asked_again(jalan):
    tiada = f"http://127.0.0.1:{port_bebas()}"
    proses = jalan("--kabar", "sent:0.02,delivered:0.02", "--lewat", tiada)
    proses.kirim("+6281234567890")
    tunggu(lambda: proses.lihat()["cacah"].get("kabar_tak_dijawab") == 2, detik=15)

    laporan = proses.berhenti()

    assert laporan["cacah"]["kabar_dikirim"] == 2
    assert (laporan["kabar_ms"], laporan["kabar_ms_semua"]) == ({}, [])


def test_latency_and_free_words(jalan, situs):
    proses = jalan("--latensi", "0.6-0.7")

    jawaban = requests.post(
        f"{proses.alamat}/2010-04-01/Accounts/{AKUN}/Messages.json",
        {"To": "whatsapp:+6281234567890", "From": PENGIRIM, "Body": "Halo"},
        auth=(AKUN, SANDI),
        timeout=3,
    )

    assert (jawaban.status_code, jawaban.json()["status"]) == (201, "queued")
    assert 0.6 <= jawaban.elapsed.total_seconds() < 2
    assert requests.get(f"{proses.alamat}/palsu/laporan", timeout=2).elapsed.total_seconds() < 0.6
    tunggu(lambda: proses.lihat()["kode_galat"] == {"63016": 1}, detik=15)


def test_resident_writes_when_told_to(jalan, situs):
    proses = jalan()

    hasil = requests.post(
        f"{proses.alamat}/palsu/masuk",
        json={"dari": "+6281234567890", "teks": "Halo"},
        timeout=5,
    )

    assert hasil.json() == {"jawaban": [204]}
    ((path, tanda, isi),) = situs.isi
    assert (path, isi["Body"]) == ("/webhook/twilio/masuk/", "Halo")
    assert RequestValidator(SANDI).validate(PUBLIK + path, isi, tanda)
    assert proses.kirim("+6281234567890", body="Halo juga.").status == "queued"
    assert proses.lihat()["kode_galat"] == {}


def test_levers_take_json_only_and_say_what_is_wrong(jalan):
    alamat = jalan().alamat

    formulir = requests.post(f"{alamat}/palsu/gangguan", {"sibuk_429": "1"}, timeout=2)
    keliru = requests.post(f"{alamat}/palsu/gangguan", json={"sibuk": 1}, timeout=2)
    asing = requests.post(f"{alamat}/palsu/masuk", json={"ke": "+62"}, timeout=2)

    assert formulir.status_code == 404
    assert (keliru.status_code, keliru.json()) == (400, {"galat": "gangguan tidak dikenal: sibuk"})
    assert asing.status_code == 400


def test_template_of_the_content_api_waits_for_its_approval(jalan):
    proses = jalan("--tinjauan", "60")
    sandi = (AKUN, SANDI)
    isi = {"language": "id", "types": {"twilio/text": {"body": "Halo desa."}}}
    sid = requests.post(f"{proses.alamat}/v1/Content", json=isi, auth=sandi, timeout=2).json()[
        "sid"
    ]
    ajuan = f"{proses.alamat}/v1/Content/{sid}/ApprovalRequests"
    isi = {"name": "halo", "category": "UTILITY"}

    assert requests.post(f"{ajuan}/whatsapp", json=isi, auth=sandi, timeout=2).status_code == 201
    assert requests.get(ajuan, auth=sandi, timeout=2).json()["whatsapp"]["status"] == "received"


@pytest.mark.parametrize(
    ("pilihan", "sebab"),
    [
        (["--latensi", "2-1"], "bukan rentang detik"),
        (["--gangguan", "keliru"], "gangguan tidak dikenal: apa_saja"),
        (["--gangguan", "berlebih"], "jumlah peluang melebihi 1"),
        (["--templat", "tiada"], "tiada"),
    ],
)
def test_wrong_options_end_with_a_sentence(pilihan, sebab, tmp_path):
    (tmp_path / "keliru").write_text('{"apa_saja": 1}')
    (tmp_path / "berlebih").write_text('{"kabar_hilang": 0.7, "kabar_ganda": 0.7}')
    kunci, nilai = pilihan
    nilai = str(tmp_path / nilai) if kunci != "--latensi" else nilai

    with _perintah(kunci, nilai) as popen:
        keluar, galat = popen.communicate(timeout=20)

    assert popen.returncode != 0
    assert sebab in galat and "Traceback" not in galat
    assert keluar == ""


def test_sdk_gives_up_on_a_call_that_hangs(jalan):
    proses = jalan(gangguan={"diam_sesudah": 1})

    with pytest.raises(requests.ReadTimeout):
        proses.kirim("+6281234567890")

    laporan = proses.berhenti()
    assert laporan["cacah"]["diam_sesudah"] == laporan["cacah"]["diterima"] == 1


def test_second_account_is_no_account(jalan):
    proses = jalan()

    assert kode_dari(sdk(proses.alamat, AKUN, "lain").messages("SM1").fetch) == (401, 20003)
