"""Two people at one request: the second one is told so, and keeps every word that was typed.

One line of the table per form that can lose such a race: how far the request is, whose page, which
button, what is typed, and what somebody else does meanwhile.
"""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from layanan.kabar import panggilan
from layanan.minta_pin import permintaan
from layanan.models import Notifikasi, Permohonan
from layanan.permohonan import ajukan, alur, dampak
from penduduk.models import Akun
from surat.buku import agenda
from tests import factories
from tests.halaman import kata, kirim, sebagai

pytestmark = [pytest.mark.sekali, pytest.mark.django_db]
TEKS = "Kata yang sudah diketik petugas"
KEPERLUAN = dampak.Putusan(apa="isian", kunci="keperluan", label="Keperluan", alasan="Buram.")


@dataclass
class Kantor:
    """The people, and the request that they meet at."""

    permohonan: Permohonan
    warga: Akun
    operator: Akun
    perbekel: Akun
    admin_desa: Akun

    def langkah(self, nama, oleh, bahan=None, catatan="") -> None:
        kini = Permohonan.objects.get(pk=self.permohonan.pk)
        alur.jalankan(kini, nama, bahan, oleh=oleh, pada=timezone.now(), catatan=catatan)

    def peristiwa(self, nama, oleh) -> None:
        kini = Permohonan.objects.get(pk=self.permohonan.pk)
        pada = timezone.now()
        alur.catat_peristiwa(kini, nama, oleh=oleh, pada=pada, catatan="Alamatnya keliru")

    # What somebody else does meanwhile.

    def proses(self) -> None:
        self.langkah("proses", self.operator)

    def batalkan(self) -> None:
        self.langkah("batalkan", self.warga)

    def minta_perbaikan(self) -> None:
        self.langkah("minta_perbaikan", self.operator, dampak.MintaPerbaikan([KEPERLUAN]))

    def perbaiki(self) -> None:
        self.langkah("ajukan_ulang", self.warga, dampak.AjukanUlang(self.permohonan.isian))

    def bolak_balik(self) -> None:
        """The status is the same again, the answers need not be."""
        self.minta_perbaikan()
        self.perbaiki()
        self.proses()

    def tandatangani(self) -> None:
        self.langkah("tandatangani", self.perbekel)

    def kembalikan(self) -> None:
        self.langkah("kembalikan", self.perbekel, catatan="Nama salah.")

    def surat_baru(self) -> None:
        """Sent back and issued anew: another letter, at the same status."""
        self.kembalikan()
        self.permohonan.refresh_from_db()
        self.sampai("MENUNGGU_TTD")

    def serahkan(self) -> None:
        bahan = dampak.Serahkan("PEMOHON", "I Wayan Contoh", "KTP-el")
        self.langkah("serahkan", self.operator, bahan)

    def ganti_wakil(self) -> None:
        Permohonan.objects.update(wakil_jenis="WAKIL", wakil_nama="Ni Luh Contoh")

    def mendesak(self) -> None:
        self.peristiwa("mendesak", self.operator)

    def cabut(self) -> None:
        self.peristiwa("cabut", self.admin_desa)

    def pengganti(self) -> None:
        ajukan.pengganti(
            self.permohonan,
            isian=self.permohonan.isian,
            alasan="Nama pemohon salah",
            oleh=self.admin_desa,
            pada=timezone.now(),
        )

    # Where the page is.

    def sampai(self, status: str) -> None:
        if status == "PERLU_PERBAIKAN":
            self.minta_perbaikan()
        else:
            factories.jalankan_sampai(
                self.permohonan, status, operator=self.operator, perbekel=self.perbekel
            )
        self.permohonan.refresh_from_db()

    def alamat(self, halaman: str) -> str:
        p = self.permohonan
        return {
            "kantor": f"/kelola/layanan/permohonan/{p.pk}/change/",
            "meja": f"/meja/{p.nomor}/",
            "surat": f"/kelola/surat/surat/{p.surat_id}/change/",
            "pengganti": f"/kelola/surat/surat/{p.surat_id}/pengganti/",
            "warga": f"/layanan/permohonan/{p.nomor}/",
            "perbaiki": f"/layanan/permohonan/{p.nomor}/perbaiki/",
        }[halaman]


@pytest.fixture
def kantor(permohonan, warga, operator, perbekel, admin_desa):
    return Kantor(permohonan, warga, operator, perbekel, admin_desa)


TABEL = """
#status          siapa      halaman    tombol                 bidang                   lain
DIAJUKAN         operator   kantor     Minta_perbaikan        minta_perbaikan-syarat-ktp  proses
DIAJUKAN         operator   kantor     Minta_perbaikan        minta_perbaikan-catatan  batalkan
DIAJUKAN         operator   kantor     Tolak                  tolak-catatan            proses
DIPROSES         operator   kantor     Tolak                  tolak-catatan            batalkan
DIPROSES         operator   kantor     Setujui                setujui-teks-keperluan minta_perbaikan
DIPROSES         operator   kantor     Setujui                setujui-teks-keperluan   bolak_balik
DIPROSES         operator   kantor     Setujui                setujui-no_pengantar     batalkan
MENUNGGU_TTD     perbekel   kantor     Kembalikan             kembalikan-catatan       tandatangani
MENUNGGU_TTD     perbekel   kantor     Kembalikan             kembalikan-catatan       surat_baru
SIAP_DIAMBIL     operator   kantor     Serahkan               serahkan-nama            serahkan
SIAP_DIAMBIL     operator   kantor     Serahkan               serahkan-nama            ganti_wakil
SIAP_DIAMBIL     operator   kantor     Serahkan               serahkan-nama            cabut
DIAJUKAN         operator   kantor     Tandai_mendesak        mendesak-alasan          mendesak
DIAJUKAN         operator   kantor     Tandai_mendesak        mendesak-alasan          batalkan
MENUNGGU_TTD     perbekel   meja       Kembalikan             kembalikan-catatan       tandatangani
MENUNGGU_TTD     perbekel   meja       Kembalikan             kembalikan-catatan       kembalikan
MENUNGGU_TTD     perbekel   meja       Kembalikan             kembalikan-catatan       surat_baru
SIAP_DIAMBIL     admin_desa surat      Cabut_surat            cabut-alasan             cabut
SIAP_DIAMBIL     admin_desa pengganti  Ajukan_surat_pengganti koreksi-alasan           pengganti
SIAP_DIAMBIL     admin_desa pengganti  Ajukan_surat_pengganti keperluan                cabut
PERLU_PERBAIKAN  warga      perbaiki   Kirim_perbaikan        keperluan                perbaiki
PERLU_PERBAIKAN  warga      perbaiki   Kirim_perbaikan        keperluan                batalkan
SIAP_DIAMBIL     warga      warga      Simpan                 wakil_nama               serahkan
"""
BARIS = [b.split() for b in TABEL.splitlines() if b and not b.startswith("#")]


@pytest.mark.parametrize(
    ("status", "siapa", "halaman", "tombol", "bidang", "lain"),
    BARIS,
    ids=[f"{b[4]}-{b[5]}" for b in BARIS],
)
def test_whoever_comes_second_keeps_what_was_typed(
    kantor, status, siapa, halaman, tombol, bidang, lain
):
    kantor.sampai(status)
    client = sebagai(getattr(kantor, siapa))
    hal = client.get(kantor.alamat(halaman))
    getattr(kantor, lain)()
    sebelum = Permohonan.objects.values_list("status", "surat", "pk").order_by("pk")[:]
    sebelum = list(sebelum)

    jawab = kirim(client, hal, tombol.replace("_", " "), {bidang: TEKS})

    assert jawab.status_code == 200
    assert TEKS in jawab.content.decode()
    assert list(Permohonan.objects.values_list("status", "surat", "pk").order_by("pk")) == sebelum


def test_next_press_acts_on_what_is_seen_now(kantor):
    """The page that comes back shows the new state, so its button may be pressed again."""
    client = sebagai(kantor.operator)
    hal = client.get(kantor.alamat("kantor"))
    kantor.proses()

    jawab = kirim(client, hal, "Tolak", {"tolak-catatan": TEKS})
    kirim(client, jawab, "Tolak")

    kantor.permohonan.refresh_from_db()
    assert kantor.permohonan.status == "DITOLAK"
    assert kantor.permohonan.riwayat.get(langkah="tolak").catatan == TEKS


def test_clerk_is_told_that_somebody_else_will_collect_the_letter(kantor):
    kantor.sampai("SIAP_DIAMBIL")
    client = sebagai(kantor.operator)
    hal = client.get(kantor.alamat("kantor"))
    kantor.ganti_wakil()

    jawab = kirim(client, hal, "Serahkan", {"serahkan-nama": "I Wayan Contoh"})

    assert "Pemohon baru saja mengubah siapa yang mengambil suratnya." in kata(jawab)


@pytest.mark.parametrize("tombol", ["Tolak permintaan", "Minta foto ulang"])
def test_reason_at_a_request_for_a_pin_that_was_decided_is_not_lost(operator, tombol):
    satu = factories.buat_permintaan_pin()
    client = sebagai(operator)
    hal = client.get(f"/kelola/layanan/permintaanpin/{satu.pk}/change/")
    permintaan.tolak(satu, alasan="Bukan warga", oleh=operator, pada=timezone.now())
    bidang = "tolak-alasan" if tombol.startswith("Tolak") else "foto_ulang-alasan"

    jawab = kirim(client, hal, tombol, {bidang: TEKS})

    assert (jawab.status_code, TEKS in kata(jawab)) == (200, True)


def test_note_about_a_call_that_was_made_already_is_not_lost(kantor):
    lama = timezone.now() - timedelta(hours=3)
    Notifikasi.objects.filter(penerima=None).update(
        keadaan="GAGAL", galat="Tidak sampai.", berubah_pada=lama, dibuat_pada=lama
    )
    client = sebagai(kantor.operator)
    hal = client.get("/kelola/layanan/hubungi/")
    baris = panggilan.daftar(pada=timezone.now()).first()
    panggilan.sudah_dihubungi(baris, oleh=kantor.admin_desa, pada=timezone.now())

    jawab = kirim(client, hal, "Sudah dihubungi", {"catatan": TEKS})

    assert (jawab.status_code, TEKS in kata(jawab)) == (200, True)


@pytest.mark.parametrize(
    ("tombol", "bidang"),
    [("Simpan perbaikan", "perbaiki-isi_singkat"), ("Batalkan catatan", "batal-alasan")],
)
def test_mend_of_an_entry_that_was_voided_is_not_lost(operator, tombol, bidang):
    catatan = agenda.catat_masuk(
        nomor_surat="1",
        tanggal_surat=timezone.localdate(),
        diterima=timezone.localdate(),
        pengirim="Camat",
        isi_singkat="Undangan",
        oleh=operator,
        pada=timezone.now(),
    )
    client = sebagai(operator)
    hal = client.get(f"/kelola/surat/catatanagenda/{catatan.pk}/change/")
    agenda.batalkan(catatan, alasan="Salah catat")

    jawab = kirim(client, hal, tombol, {bidang: TEKS})

    assert (jawab.status_code, TEKS in kata(jawab)) == (200, True)
