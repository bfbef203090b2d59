"""What every answer carries: security headers, few bytes, and errors in words that people read."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from bugbug import views
from layanan.permohonan import alur, berkas, dampak
from penduduk.akun import throttle
from surat.models import JenisSurat
from surat.views import BATAS
from tests import factories
from tests.halaman import baca, kata, sebagai

CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "object-src": "'self'",
    "media-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
KEPALA = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
KILO = 1024


def _csp(jawab) -> dict[str, str]:
    bagian = (b.strip() for b in jawab.headers["Content-Security-Policy"].split(";"))
    return dict(b.split(" ", 1) for b in bagian)


def _kepala(jawab) -> dict[str, str]:
    return {nama: jawab.headers.get(nama, "") for nama in KEPALA}


# --- Pages ------------------------------------------------------------------------------------

UMUM = {
    "beranda": "/",
    "panduan": "/panduan/",
    "masuk": "/masuk/",
    "cek": "/cek/",
    "cek_salah_ketik": "/cek/?kode=123",
    "cek_kode": "/cek/{kode}/",
    "cek_tak_dikenal": "/cek/23456789A9/",
    "tidak_ada": "/tidak-ada/",
}
WARGA = {
    "permohonan_saya": "/layanan/",
    "pilih_surat": "/layanan/surat/",
    "dokumen": "/layanan/surat/usaha/",
    "isi": "/layanan/surat/usaha/isi/",
    "periksa": "/layanan/surat/usaha/periksa/",
    "rincian": "/layanan/permohonan/{siap}/",
    "perbaiki": "/layanan/permohonan/{perbaiki}/perbaiki/",
    "ganti_pin": "/pin/ganti/",
    "beranda_warga": "/",
    "bukan_milik": "/layanan/permohonan/P-1999-0001/",
}


@pytest.fixture
def isi(warga, operator, perbekel) -> dict[str, str]:
    """A busy resident: a signed letter, a request to mend, an open draft with files."""
    siap, minta = factories.buat_permohonan(warga), factories.buat_permohonan(warga)
    factories.jalankan_sampai(siap, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    bahan = dampak.MintaPerbaikan(
        [
            {"apa": "syarat", "kunci": "ktp", "label": "KTP-el", "alasan": "Buram."},
            {"apa": "isian", "kunci": "keperluan", "label": "Keperluan", "alasan": "Kurang."},
        ]
    )
    alur.jalankan(minta, "minta_perbaikan", bahan, oleh=operator, pada=timezone.now())
    factories.buat_draf(warga, "usaha")
    return {"kode": siap.surat.kode_cek, "siap": siap.nomor, "perbaiki": minta.nomor}


def _buka(warga, isi: dict[str, str], **lain) -> dict:
    """Every page once, as its reader opens it."""
    tamu, sudah_masuk = sebagai(None, **lain), sebagai(warga, **lain)
    halaman = {nama: tamu.get(alamat.format(**isi)) for nama, alamat in UMUM.items()}
    return halaman | {nama: sudah_masuk.get(alamat.format(**isi)) for nama, alamat in WARGA.items()}


def test_every_page_carries_every_header(warga, isi):
    jawaban = _buka(warga, isi)

    tidak_ada = {nama for nama, jawab in jawaban.items() if jawab.status_code == 404}
    assert tidak_ada == {"cek_tak_dikenal", "tidak_ada", "bukan_milik"}
    assert {jawab.status_code for jawab in jawaban.values()} == {200, 404}
    for nama, jawab in jawaban.items():
        assert _csp(jawab) == CSP, nama
        assert _kepala(jawab) == KEPALA, nama
        assert jawab.headers["Cache-Control"] == "no-store, private", nama


def test_policy_allows_nothing_inline_and_nobody_else(client, db):
    teks = client.get("/").headers["Content-Security-Policy"]

    assert not re.search(r"unsafe|\*|https?:|data:|blob:|nonce|\.", teks)


@pytest.mark.parametrize(
    ("alamat", "status"),
    [
        ("/sehat/", 200),
        ("/sehat/siap/", 200),
        ("/metrik/", 404),
        ("/keluar/", 302),
        ("/layanan/", 302),
        ("/kelola/", 302),
        ("/kelola/login/", 200),
        ("/webhook/twilio/status/", 405),
    ],
)
def test_answers_that_are_no_pages_carry_them_too(client, db, alamat, status):
    jawab = client.get(alamat)

    assert jawab.status_code == status
    assert _csp(jawab) == CSP
    assert _kepala(jawab) == KEPALA
    assert "no-store" in jawab.headers["Cache-Control"]


@pytest.mark.parametrize("alamat", ["/kelola/", "/kelola/layanan/permohonan/", "/meja/"])
def test_office_pages_carry_them_too(operator, perbekel, alamat):
    jawab = sebagai(perbekel).get(alamat)

    assert jawab.status_code == 200
    assert _csp(jawab) == CSP
    assert _kepala(jawab) == KEPALA
    assert "no-store" in jawab.headers["Cache-Control"]


def test_papers_may_be_shown_inside_our_own_pages_only(warga, operator, perbekel):
    permohonan = factories.buat_permohonan(warga)
    factories.jalankan_sampai(permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    berkas.bersihkan_yang_menunggu()
    ktp = permohonan.lampiran.get(syarat="ktp").berkas_id
    client = sebagai(operator)

    jawaban = [
        baca(client, f"/berkas/{ktp}/"),
        baca(client, f"/berkas/surat/{permohonan.surat_id}/"),
    ]
    unduh = baca(sebagai(warga), f"/layanan/permohonan/{permohonan.nomor}/surat/")

    for jawab in jawaban:
        assert _csp(jawab) == CSP | {"frame-ancestors": "'self'"}
        assert _kepala(jawab) == KEPALA | {"X-Frame-Options": "SAMEORIGIN"}
        assert jawab.headers["Cache-Control"] == "no-store, private"
    assert _csp(unduh) == CSP
    assert _kepala(unduh) == KEPALA
    assert unduh.headers["Cache-Control"] == "no-store, private"


def test_style_sheet_may_be_kept_and_is_no_other_type(client):
    jawab = baca(client, "/static/css/bugbug.css")

    assert jawab.status_code == 200
    assert jawab.headers["Content-Type"].startswith("text/css")
    assert jawab.headers["X-Content-Type-Options"] == "nosniff"
    assert jawab.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" not in jawab.headers["Cache-Control"]


# --- Markup that the policy would forbid, and bytes -------------------------------------------


class _Rujukan(HTMLParser):
    """What a browser fetches for the page, and what the policy would stop."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ambil: list[str] = []
        self.keluar: list[str] = []
        self.sebaris: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        a = dict(attrs)
        if tag == "link" and {"stylesheet", "icon"} & set(a.get("rel", "").split()):
            self.ambil.append(a["href"])
        if tag in ("script", "img", "iframe", "source") and a.get("src"):
            self.ambil.append(a["src"])
        if tag == "object" and a.get("data"):
            self.ambil.append(a["data"])
        alamat = (a.get(nama) or "" for nama in ("href", "src", "action", "data"))
        self.keluar += [x for x in alamat if re.match(r"(?i)(https?:)?//|javascript:|data:", x)]
        if tag == "style" or (tag == "script" and not a.get("src")):
            self.sebaris.append(tag)
        self.sebaris += [f"{tag} {nama}" for nama in a if nama == "style" or nama.startswith("on")]


def test_pages_have_nothing_inline_and_lead_nowhere_else(warga, isi):
    for nama, jawab in _buka(warga, isi).items():
        rujukan = _Rujukan(jawab.content.decode())

        assert rujukan.sebaris == [], nama
        assert rujukan.keluar == [], nama


def _terkirim(jawab) -> int:
    """Bytes of the page and its style sheets as they cross the air (gzip)."""
    html = gzip.decompress(jawab.content).decode()
    css = [x for x in _Rujukan(html).ambil if x.endswith(".css")]
    assert len(css) == 1
    isi = [Path(finders.find(x.removeprefix("/static/"))).read_bytes() for x in css]
    return len(jawab.content) + sum(len(gzip.compress(x, 9)) for x in isi)


def test_pages_are_small_and_ask_for_little(warga, isi):
    for nama, jawab in _buka(warga, isi, headers={"accept-encoding": "gzip"}).items():
        batas = 15 if nama in ("beranda", "masuk") else 30

        assert jawab.headers["Content-Encoding"] == "gzip", nama
        assert _terkirim(jawab) <= batas * KILO, nama
        rujukan = _Rujukan(gzip.decompress(jawab.content).decode())
        assert 1 + len(rujukan.ambil) <= 4, nama


def test_choice_among_eighty_letters_is_still_small(warga):
    for n in range(80):
        JenisSurat.objects.create(
            kode=f"contoh-{n}",
            nama=f"Surat Keterangan Contoh Nomor {n}",
            judul="SURAT",
            tujuan=f"Menerangkan keadaan contoh {n} untuk bank, sekolah, atau kerja.",
            klasifikasi="400",
        )

    jawab = sebagai(warga, headers={"accept-encoding": "gzip"}).get("/layanan/surat/")

    assert len(jawab.context["pilihan"]) == 80
    assert _terkirim(jawab) <= 30 * KILO


# --- Errors -----------------------------------------------------------------------------------


def _tanpa_jeroan(jawab) -> bool:
    teks = jawab.content.decode()
    return not re.search(
        r"Traceback|Exception|Django|Error|\.py\b|rahasia|DEBUG|Not Found|Forbidden", teks
    )


def _lima_ratus(monkeypatch) -> Client:
    def rusak(*args, **kwargs):
        raise RuntimeError("rahasia dari dalam")

    monkeypatch.setattr(views, "_surat_ditawarkan", rusak)
    return Client(raise_request_exception=False)


GALAT = {
    400: "Permintaan tidak dapat dibaca",
    403: "Halaman sudah terlalu lama terbuka",
    404: "Halaman tidak ditemukan",
    500: "Situs sedang terganggu",
}


@pytest.mark.parametrize("status", GALAT)
def test_error_page_speaks_indonesian_and_shows_nothing_of_the_inside(db, monkeypatch, status):
    cara = {
        400: lambda: Client().get("/", headers={"host": "jahat.example"}),
        403: lambda: Client(enforce_csrf_checks=True).post("/masuk/"),
        404: lambda: Client().get("/rahasia/tidak/ada.py"),
        500: lambda: _lima_ratus(monkeypatch).get("/"),
    }

    jawab = cara[status]()

    html = jawab.content.decode()
    assert jawab.status_code == status
    assert f"<h1>{GALAT[status]}</h1>" in html
    assert '<html lang="id">' in html
    assert 'href="/"' in html
    assert "Kembali ke beranda" in kata(jawab)
    assert _tanpa_jeroan(jawab)
    assert _csp(jawab) == CSP
    assert _kepala(jawab) == KEPALA
    assert "no-store" in jawab.headers["Cache-Control"]


def test_too_large_a_form_is_refused_in_words(warga):
    banyak = urlencode({f"x{n}": "1" for n in range(1001)})
    jawab = sebagai(warga).post("/masuk/", banyak, "application/x-www-form-urlencoded")

    assert jawab.status_code == 400
    assert "Permintaan tidak dapat dibaca" in kata(jawab)
    assert _tanpa_jeroan(jawab)


def test_page_of_a_broken_site_needs_nothing_that_may_be_broken(monkeypatch, db, settings):
    """Not the database, not the village, not the session."""
    client = _lima_ratus(monkeypatch)

    html = client.get("/").content.decode()

    assert html.count("<link") == 1
    assert "Yang sudah tersimpan tidak hilang." in html
    assert "{{" not in html
    assert len(html) < 2 * KILO


def test_too_many_unknown_codes_get_a_page_of_their_own(client, db):
    for _ in range(BATAS.jumlah):
        client.get("/cek/23456789A9/")

    jawab = client.get("/cek/23456789A9/")

    assert jawab.status_code == 429
    assert "Terlalu banyak surat diperiksa dari jaringan ini" in kata(jawab)
    assert _csp(jawab) == CSP
    assert _kepala(jawab) == KEPALA
    assert throttle.terkunci(throttle.sidik("cek", "127.0.0.1"), pada=timezone.now()) is True


@pytest.mark.parametrize(
    "alamat",
    "/.git/config /.env /manage.py /static/ /static/css/ /static/../.env /static/%2e%2e/.env "
    "/var/bugbug.sqlite3 /bugbug/settings.py".split(),
)
def test_nothing_lies_below_the_site_but_pages_and_static_files(client, db, alamat):
    assert client.get(alamat).status_code == 404
