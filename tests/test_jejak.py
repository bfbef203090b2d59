"""Every address of the office, opened by whoever may: whose data it shows stands in the trail.

What shows nobody is listed here by hand, with the reason. A new page of a resident without a row,
or with a row that names nobody, fails.
"""

import pytest
from django.db import transaction
from django.test import Client

from layanan.models import Jejak
from tests.test_izin import HALAMAN, PETUGAS, TABEL, _baris

pytestmark = [pytest.mark.sekali, pytest.mark.usefixtures("ringan", "selalu_tercatat")]

# Beginning of the address (below /kelola/ where nothing else is said), and why no row is needed.
TANPA = {
    "/ /panduan/ /sehat/ /cek/ /masuk/ /pin/ /kinerja/": "open to all: what strangers see",
    "/kelola/login/ /kelola/logout/ /kelola/password_change/ /kelola/jsi18n/": "login",
    "/kelola/sesi/": "login",
    "/kelola/penduduk/akun/{petugas}/password/": "staff",
    "/kelola/layanan/lencana/": "figures",
    "/kelola/layanan/kata-pesan/ /kelola/layanan/siapa-dikabari/": "wordings, and staff",
    "/kelola/surat/formulir/": "empty forms",
    "/kelola/surat/jenissurat/ /kelola/surat/tatanaskah/ /kelola/surat/bukunomor/": "settings",
    "/kelola/surat/pejabat/ /kelola/penduduk/desa/ /kelola/penduduk/banjar/": "settings",
    "/kelola/layanan/pengaturanpesan/ /kelola/layanan/harilibur/": "settings",
    "/kelola/layanan/alasansiap/ /kelola/pengaturan/": "settings",
    "/kelola/laporan/": "figures",
    "/kelola/mulai/ /kelola/bantuan/": "settings, the letter of nobody, and the manual",
    "/kelola/akun-saya/ /kelola/pengukuhan/ /kelola/login/kode/": "of staff themselves",
    "/berkas/{ktp}/kecil/ /berkas/{foto}/kecil/": "thumbnails: too small to be read",
}
# Exactly these: indexes and forms that are still empty.
TANPA_TEPAT = {
    *("/kelola/penduduk/", "/kelola/surat/", "/kelola/layanan/"),
    *(f"/kelola/{satu}/add/" for satu in ("penduduk/keluarga", "penduduk/penduduk")),
    *(f"/kelola/{satu}/add/" for satu in ("penduduk/akun", "penduduk/impor")),
    *(f"/kelola/{satu}/add/" for satu in ("surat/catatanagenda", "surat/arsipsurat")),
}
# A row, but nobody's name: whoever is meant is not known, or not in the register.
TANPA_ORANG = {
    "/kelola/surat/catatanagenda/1/": "letters of others",
    "/kelola/surat/arsipsurat/": "a former register, of names without keys",
    "/kelola/penduduk/impor/": "one file: its rows are of nobody until they are applied",
    "/kelola/penduduk/akun/": "staff",
    "/kelola/layanan/permintaanpin/": "a request of somebody not yet recognised",
    "/berkas/{foto}/": "a photo of that request",
    "/kelola/layanan/hubungi/": "nobody waits to be called in this village",
    "/kelola/layanan/belum-diambil/": "nothing has waited for so long",
    "/kelola/layanan/slip-pin/": "nothing chosen yet",
    "/kelola/layanan/loket/": "nothing searched for yet",
}


def _alamat(desa) -> list[tuple[str, str, str, str]]:
    """Method, pattern, address, and the first of the office who gets to see it."""
    ada = []
    for metode, pola, *jawab in _baris(HALAMAN):
        if "200" in jawab[3:]:
            nama = PETUGAS[jawab[3:].index("200")]
            ada.append((metode, pola, pola.format(**desa.isi), nama))
    for label, *jawab in _baris(TABEL):
        induk, pk = f"/kelola/{label.replace('.', '/')}/", desa.pk[label]
        ekor = {"": 0, "add/": 1, f"{pk}/change/": 2, f"{pk}/history/": 4}
        for satu, huruf in ekor.items():
            if "200" in (siapa := jawab[huruf::6]):
                nama = PETUGAS[siapa.index("200")]
                ada.append(("GET", induk + satu.replace(str(pk), "1"), induk + satu, nama))
    return ada


def _cocok(alamat: str, semua) -> set[str]:
    """Which beginnings of `semua` this address has."""
    awal = {awal for satu in semua for awal in satu.split() if awal != "/"}
    return {satu for satu in awal if alamat.startswith(satu)}


class _Batal(Exception):
    pass


def _jejak(desa, nama: str, metode: str, alamat: str) -> list[int | None]:
    """Whom the page has left in the trail."""
    client = Client()
    client.cookies.load(desa.kuki[nama])
    alamat, _, tanya = alamat.partition("?")
    data = dict(x.partition("=")[::2] for x in tanya.split("&") if x)
    sebelum = Jejak.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    try:
        with transaction.atomic():
            jawab = client.get(alamat, data) if metode == "GET" else client.post(alamat, data)
            if jawab.streaming:
                jawab.getvalue()
            baru = Jejak.objects.filter(pk__gt=sebelum, oleh=desa.orang[nama])
            orang = list(baru.values_list("warga", flat=True))
            raise _Batal
    except _Batal:
        assert jawab.status_code == 200, alamat
        return orang


@pytest.mark.lambat  # every address of the office
def test_every_page_of_a_resident_leaves_a_row(desa):
    bisu, tanpa_nama, dilihat = [], [], 0
    perlu: set[str] = set()
    for metode, pola, alamat, nama in _alamat(desa):
        orang = _jejak(desa, nama, metode, alamat)
        if pola in ("/", *TANPA_TEPAT) or _cocok(pola, TANPA):
            bisu += [(metode, pola, "has a row")] if orang else []
            continue
        dilihat += 1
        if not orang:
            bisu.append((metode, pola, nama))
        elif set(orang) == {None}:
            perlu |= (kena := _cocok(pola, TANPA_ORANG))
            tanpa_nama += [] if kena else [(metode, pola, nama)]

    assert (bisu, tanpa_nama) == ([], [])
    assert dilihat > 60
    assert set(TANPA_ORANG) - perlu == set()  # no exception that nobody needs
