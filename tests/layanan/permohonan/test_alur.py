"""The flow: the whole (status × step or event × who) matrix, written by hand; what each needs and
leaves behind."""

import dataclasses
import threading
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from layanan import peran
from layanan.forms.langkah import FORM_LANGKAH, LangkahForm
from layanan.kotak_keluar import notifikasi
from layanan.models import Berkas, Draf, Notifikasi, Penyerahan, Permohonan, Riwayat
from layanan.permohonan import ajukan, alur, dampak, pengisian
from layanan.permohonan import langkah as langkah_
from surat.models import BukuNomor, Mandat, Surat, TandaTangan
from surat.terbit import pencetakan
from tests import factories, serentak
from tests.halaman import formulir, kata, sebagai

STATUS = [
    "DIAJUKAN",
    "DIPROSES",
    "PERLU_PERBAIKAN",
    "DICETAK",
    "MENUNGGU_TTD",
    "SIAP_DIAMBIL",
    "SELESAI",
    "DITOLAK",
    "DIBATALKAN",
]
ORANG = ["pemohon", "tetangga", "operator", "perbekel", "tanpa_mandat", "admin_desa", "sistem"]

# Written from the issue and the architecture, not from the code: status → step → who, and where to.
BOLEH = {
    ("DIAJUKAN", "proses", "operator"): "DIPROSES",
    ("DIAJUKAN", "minta_perbaikan", "operator"): "PERLU_PERBAIKAN",
    ("DIAJUKAN", "setujui", "operator"): "DICETAK",
    ("DIAJUKAN", "tolak", "operator"): "DITOLAK",
    ("DIAJUKAN", "batalkan", "pemohon"): "DIBATALKAN",
    ("DIPROSES", "batalkan", "pemohon"): "DIBATALKAN",
    ("DIPROSES", "minta_perbaikan", "operator"): "PERLU_PERBAIKAN",
    ("DIPROSES", "setujui", "operator"): "DICETAK",
    ("DIPROSES", "tolak", "operator"): "DITOLAK",
    ("PERLU_PERBAIKAN", "ajukan_ulang", "pemohon"): "DIAJUKAN",
    ("PERLU_PERBAIKAN", "batalkan", "pemohon"): "DIBATALKAN",
    ("DICETAK", "cetak", "sistem"): "MENUNGGU_TTD",
    ("DICETAK", "tarik_kembali", "operator"): "DIPROSES",
    ("MENUNGGU_TTD", "tarik_kembali", "operator"): "DIPROSES",
    ("MENUNGGU_TTD", "kembalikan", "perbekel"): "DIPROSES",
    ("MENUNGGU_TTD", "tandatangani", "perbekel"): "SIAP_DIAMBIL",
    ("SIAP_DIAMBIL", "serahkan", "operator"): "SELESAI",
}


# The same for what happens without moving the request, and for who may file one.
_BELUM_TTD = ["DIAJUKAN", "DIPROSES", "PERLU_PERBAIKAN", "DICETAK", "MENUNGGU_TTD"]
PERISTIWA = ["mendesak", "lepas_mendesak", "cetak_kertas", "cabut"]
BOLEH_TERJADI = {
    *((status, "mendesak", "operator") for status in _BELUM_TTD),
    *((status, "lepas_mendesak", "operator") for status in _BELUM_TTD),
    ("MENUNGGU_TTD", "cetak_kertas", "operator"),
    ("SIAP_DIAMBIL", "cetak_kertas", "operator"),
    ("SIAP_DIAMBIL", "cabut", "perbekel"),
    ("SIAP_DIAMBIL", "cabut", "tanpa_mandat"),
    ("SIAP_DIAMBIL", "cabut", "admin_desa"),
    ("SELESAI", "cabut", "perbekel"),
    ("SELESAI", "cabut", "tanpa_mandat"),
    ("SELESAI", "cabut", "admin_desa"),
}
BOLEH_MENGAJUKAN = {
    ("draf", "pemohon"),
    ("loket", "operator"),
    ("koreksi", "operator"),
    ("koreksi", "admin_desa"),
}


class _Batal(Exception):
    """Rolls a step back, so that the next one starts from the same status."""


LANGKAH = [
    "proses",
    "minta_perbaikan",
    "ajukan_ulang",
    "setujui",
    "cetak",
    "kembalikan",
    "tarik_kembali",
    "tandatangani",
    "serahkan",
    "tolak",
    "batalkan",
]


def _bahan(langkah: str, permohonan, perbekel) -> dampak.Bahan | None:
    match langkah:
        case "minta_perbaikan":
            jelas = {"apa": "isian", "kunci": "keperluan", "label": "Keperluan", "alasan": "?"}
            return dampak.MintaPerbaikan([jelas])
        case "ajukan_ulang":
            return dampak.AjukanUlang(permohonan.isian)
        case "setujui":
            return factories.setujui(perbekel.pejabat.mandat.get())
        case "serahkan":
            return dampak.Serahkan("WAKIL", "Ni Luh Contoh", "KTP-el")
    return None


def _jalankan(permohonan, langkah: str, oleh, perbekel) -> None:
    """Take a step with whatever it needs."""
    bahan = _bahan(langkah, permohonan, perbekel)
    sekarang = timezone.now()
    alur.jalankan(permohonan, langkah, bahan, oleh=oleh, pada=sekarang, catatan="Nama salah.")


def _terjadi(permohonan, peristiwa: str, oleh) -> None:
    alur.catat_peristiwa(
        permohonan, peristiwa, oleh=oleh, pada=timezone.now(), catatan="Alamatnya keliru"
    )


@pytest.fixture
def orang(warga, tetangga, operator, perbekel, admin_desa):
    tanpa = factories.buat_petugas("tanpamandat", peran.PENANDA_TANGAN)
    return {
        "pemohon": warga,
        "tetangga": tetangga,
        "operator": operator,
        "perbekel": perbekel,
        "tanpa_mandat": tanpa,
        "admin_desa": admin_desa,
        "sistem": None,
    }


def _ke(permohonan, status, orang) -> None:
    """Walk to any status, side branches included."""
    samping = {
        "PERLU_PERBAIKAN": ("minta_perbaikan", orang["operator"]),
        "DITOLAK": ("tolak", orang["operator"]),
        "DIBATALKAN": ("batalkan", orang["pemohon"]),
    }
    if status in samping:
        langkah, oleh = samping[status]
        _jalankan(permohonan, langkah, oleh, orang["perbekel"])
        return
    factories.jalankan_sampai(
        permohonan, status, operator=orang["operator"], perbekel=orang["perbekel"]
    )


@pytest.mark.parametrize("status", STATUS)
def test_matrix_of_status_step_and_person(status, orang, permohonan):
    _ke(permohonan, status, orang)
    if status == "DICETAK":  # the file exists, only the step is missing
        assert list(pencetakan.cetak_yang_menunggu()) == [permohonan.surat_id]

    boleh = {}
    for langkah in LANGKAH:
        for nama, oleh in orang.items():
            kini = Permohonan.objects.get(pk=permohonan.pk)
            try:
                with transaction.atomic():
                    _jalankan(kini, langkah, oleh, orang["perbekel"])
                    boleh[status, langkah, nama] = kini.status
                    raise _Batal
            except (_Batal, alur.LangkahTidakSah):
                pass

    assert boleh == {kunci: ke for kunci, ke in BOLEH.items() if kunci[0] == status}


@pytest.mark.parametrize("status", STATUS)
def test_buttons_show_exactly_what_is_accepted(status, orang, permohonan):
    _ke(permohonan, status, orang)

    tombol = {
        (status, langkah.nama, nama): langkah.ke
        for nama, oleh in orang.items()
        if oleh is not None
        for langkah in alur.langkah_tersedia(permohonan, oleh=oleh, pada=timezone.now())
    }

    assert tombol == {k: ke for k, ke in BOLEH.items() if k[0] == status and k[2] != "sistem"}


@pytest.mark.parametrize("status", STATUS)
def test_matrix_of_status_event_and_person(status, orang, permohonan):
    _ke(permohonan, status, orang)

    boleh, tombol = set(), set()
    for peristiwa in PERISTIWA:
        Permohonan.objects.update(mendesak=peristiwa == "lepas_mendesak")
        for nama, oleh in orang.items():
            kini = Permohonan.objects.get(pk=permohonan.pk)
            if oleh and alur.bisa_terjadi(kini, peristiwa, oleh=oleh, pada=timezone.now()):
                tombol.add((status, peristiwa, nama))
            try:
                with transaction.atomic():
                    _terjadi(kini, peristiwa, oleh)
                    assert kini.status == status, "an event moves nothing"
                    boleh.add((status, peristiwa, nama))
                    raise _Batal
            except (_Batal, alur.LangkahTidakSah):
                pass

    assert boleh == tombol == {kunci for kunci in BOLEH_TERJADI if kunci[0] == status}


def _ajukan(cara: str, permohonan, warga, oleh) -> Permohonan:
    pada = timezone.now()
    match cara:
        case "draf":
            draf = Draf.objects.filter(akun=warga, terkirim=False).first()
            return ajukan.dari_draf(draf or factories.buat_draf(warga), oleh=oleh, pada=pada)
        case "loket":
            isi = alur.Isi(
                jenis=permohonan.jenis,
                pemohon_id=permohonan.pemohon_id,
                isian=permohonan.isian,
                dibawa=[],
            )
            return ajukan.di_loket(isi, catatan="", oleh=oleh, pada=pada)
    return ajukan.pengganti(
        permohonan, isian=permohonan.isian, alasan="Alamatnya keliru", oleh=oleh, pada=pada
    )


def test_who_may_file_a_request_and_how(orang, permohonan, warga):
    _ke(permohonan, "SIAP_DIAMBIL", orang)

    boleh = set()
    for cara in ("draf", "loket", "koreksi"):
        for nama, oleh in orang.items():
            try:
                with transaction.atomic():
                    baru = _ajukan(cara, permohonan, warga, oleh)
                    riwayat = baru.riwayat.get()
                    assert (riwayat.langkah, riwayat.oleh, baru.status) == (
                        "ajukan",
                        oleh,
                        "DIAJUKAN",
                    )
                    boleh.add((cara, nama))
                    raise _Batal
            except (_Batal, alur.LangkahTidakSah):
                pass

    assert boleh == BOLEH_MENGAJUKAN


def test_history_names_every_step_and_event_of_the_tables():
    assert set(langkah_.LANGKAH) == {"ajukan", *LANGKAH}
    assert set(langkah_.PERISTIWA) == set(PERISTIWA)
    assert set(langkah_.PENGAJUAN) == {cara for cara, _ in BOLEH_MENGAJUKAN}
    assert set(Riwayat.Langkah.values) == {*langkah_.LANGKAH, *PERISTIWA}


# --- Who is nobody -----------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "langkah", "nama"), [k for k in BOLEH if k[2] != "sistem"])
def test_switched_off_account_takes_no_step(status, langkah, nama, orang, permohonan):
    """It was the right person until the account was switched off, with the page still open."""
    _ke(permohonan, status, orang)
    oleh, pada = orang[nama], timezone.now()
    oleh.is_active = False

    with pytest.raises(alur.LangkahTidakSah, match="Masuk lebih dulu"):
        _jalankan(permohonan, langkah, oleh, orang["perbekel"])

    assert Permohonan.objects.get().status == status
    assert alur.langkah_tersedia(permohonan, oleh=oleh, pada=pada) == []


@pytest.mark.parametrize("peristiwa", PERISTIWA)
def test_to_a_switched_off_account_nothing_happens(peristiwa, orang, permohonan):
    nama, status = {"cabut": ("perbekel", "SIAP_DIAMBIL")}.get(peristiwa, ("operator", "DIAJUKAN"))
    _ke(permohonan, status, orang)
    Permohonan.objects.update(mendesak=peristiwa == "lepas_mendesak")
    sebelum = Riwayat.objects.count()
    oleh = orang[nama]
    oleh.is_active = False

    with pytest.raises(alur.LangkahTidakSah, match="Masuk lebih dulu"):
        _terjadi(permohonan, peristiwa, oleh)

    assert Riwayat.objects.count() == sebelum
    assert not alur.bisa_terjadi(permohonan, peristiwa, oleh=oleh, pada=timezone.now())


@pytest.mark.parametrize(("cara", "nama"), sorted(BOLEH_MENGAJUKAN))
def test_switched_off_account_files_nothing(cara, nama, orang, permohonan, warga):
    _ke(permohonan, "SIAP_DIAMBIL", orang)
    oleh = orang[nama]
    oleh.is_active = False

    with pytest.raises(alur.LangkahTidakSah, match="Masuk lebih dulu"):
        _ajukan(cara, permohonan, warga, oleh)

    assert Permohonan.objects.count() == 1


def test_anonymous_people_may_do_nothing(permohonan):
    siapa = AnonymousUser()

    with pytest.raises(alur.LangkahTidakSah, match="Masuk lebih dulu"):
        alur.jalankan(permohonan, "proses", oleh=siapa, pada=timezone.now())
    with pytest.raises(alur.LangkahTidakSah, match="Masuk lebih dulu"):
        _terjadi(permohonan, "mendesak", siapa)

    assert Riwayat.objects.exclude(langkah="ajukan").count() == 0


# --- What a step needs -------------------------------------------------------------------------


@pytest.mark.parametrize("bahan", [None, dampak.Bahan(), dampak.AjukanUlang({})])
def test_step_without_its_material_is_a_mistake_of_the_program(permohonan, operator, bahan):
    alur.jalankan(permohonan, "proses", oleh=operator, pada=timezone.now())

    with pytest.raises(TypeError, match=r"missing .*'mandat'|needs Setujui, not"):
        alur.jalankan(permohonan, "setujui", bahan, oleh=operator, pada=timezone.now())

    permohonan.refresh_from_db()
    assert (permohonan.status, Surat.objects.count()) == ("DIPROSES", 0)


def test_material_for_a_step_that_needs_none_is_a_mistake_too(permohonan, operator):
    with pytest.raises(TypeError, match="'proses' needs Bahan, not AjukanUlang"):
        alur.jalankan(
            permohonan, "proses", dampak.AjukanUlang({}), oleh=operator, pada=timezone.now()
        )

    assert Permohonan.objects.get().status == "DIAJUKAN"


def test_every_step_of_the_office_has_a_form_that_brings_its_material():
    """A button of the office that its form cannot serve would be an error page."""
    kantor = {langkah for _, langkah, siapa in BOLEH if siapa in ("operator", "perbekel")}
    berbahan = {x for x in kantor if dataclasses.fields(langkah_.LANGKAH[x].bahan)}
    bercatatan = {x for x in kantor if langkah_.LANGKAH[x].butuh_catatan}

    assert berbahan == {
        x for x, form in FORM_LANGKAH.items() if form.bahan is not LangkahForm.bahan
    }
    assert berbahan | bercatatan == set(FORM_LANGKAH)


@pytest.mark.parametrize("peristiwa", ["mendesak", "cabut"])
def test_event_needs_its_reason(peristiwa, orang, permohonan):
    nama, status = {"cabut": ("perbekel", "SIAP_DIAMBIL")}.get(peristiwa, ("operator", "DIAJUKAN"))
    _ke(permohonan, status, orang)

    with pytest.raises(alur.LangkahTidakSah, match="Tulis alasannya"):
        alur.catat_peristiwa(
            permohonan, peristiwa, oleh=orang[nama], pada=timezone.now(), catatan=" \n "
        )


# --- What it leaves behind ---------------------------------------------------------------------


def test_stale_copy_is_told_who_was_faster_and_leaves_no_trace(permohonan, operator):
    lain = factories.buat_operator("niluh")
    basi = Permohonan.objects.get(pk=permohonan.pk)
    alur.jalankan(permohonan, "proses", oleh=operator, pada=timezone.now())
    sebelum = (Riwayat.objects.count(), Notifikasi.objects.count())

    with pytest.raises(alur.Keduluan) as galat:
        alur.jalankan(basi, "tolak", oleh=lain, pada=timezone.now(), catatan="x")

    assert "“proses” oleh Operator, sekarang diproses" in str(galat.value)
    assert (Riwayat.objects.count(), Notifikasi.objects.count()) == sebelum


def test_copy_that_shows_an_earlier_letter_signs_nothing(permohonan, operator, perbekel):
    """Sent back and issued anew, the request stands at the same step with another letter."""
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    basi = Permohonan.objects.get(pk=permohonan.pk)
    alur.jalankan(permohonan, "kembalikan", oleh=perbekel, pada=timezone.now(), catatan="Salah")
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    assert basi.status == permohonan.status and basi.surat_id != permohonan.surat_id

    with pytest.raises(alur.LangkahTidakSah):
        alur.jalankan(basi, "tandatangani", oleh=perbekel, pada=timezone.now())

    assert TandaTangan.objects.count() == 0
    assert Permohonan.objects.get(pk=permohonan.pk).status == "MENUNGGU_TTD"


def test_desk_does_not_sign_another_letter_than_the_page_showed(permohonan, operator, perbekel):
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    meja, alamat = sebagai(perbekel), f"/meja/{permohonan.nomor}/"
    dibaca = formulir(meja.get(alamat), "Tandatangani").isi["surat"]
    alur.jalankan(permohonan, "kembalikan", oleh=perbekel, pada=timezone.now(), catatan="Salah")
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)

    hal = meja.post(alamat, {"langkah": "tandatangani", "surat": dibaca}, follow=True)

    assert "sudah berubah" in kata(hal)
    assert TandaTangan.objects.count() == 0


def test_failing_outbox_rolls_everything_back(permohonan, operator, perbekel, monkeypatch):
    alur.jalankan(permohonan, "proses", oleh=operator, pada=timezone.now())

    def rusak(*args, **kwargs):
        raise RuntimeError("outbox")

    monkeypatch.setattr(notifikasi, "catat", rusak)
    with pytest.raises(RuntimeError):
        alur.jalankan(
            Permohonan.objects.get(pk=permohonan.pk),
            "setujui",
            factories.setujui(perbekel.pejabat.mandat.get()),
            oleh=operator,
            pada=timezone.now(),
        )

    permohonan.refresh_from_db()
    assert permohonan.status == "DIPROSES"
    assert Surat.objects.count() == 0
    assert not BukuNomor.objects.filter(kode="SURAT", terakhir__gt=0).exists()


@pytest.mark.parametrize("langkah", ["tolak", "kembalikan"])
def test_reason_is_required(langkah, permohonan, operator, perbekel):
    oleh = operator
    if langkah == "kembalikan":
        oleh = perbekel
        factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)

    with pytest.raises(alur.LangkahTidakSah, match="Tulis alasannya"):
        alur.jalankan(permohonan, langkah, oleh=oleh, pada=timezone.now(), catatan="  ")


@pytest.mark.parametrize("catatan", ["", "Lengkapi dulu."])
def test_minta_perbaikan_needs_a_part_to_mend(permohonan, operator, catatan):
    with pytest.raises(alur.LangkahTidakSah, match="Sebutkan dokumen atau isian"):
        alur.jalankan(
            permohonan,
            "minta_perbaikan",
            dampak.MintaPerbaikan([]),
            oleh=operator,
            pada=timezone.now(),
            catatan=catatan,
        )


def test_cetak_without_a_stored_file_is_refused(permohonan, operator, perbekel):
    factories.jalankan_sampai(permohonan, "DICETAK", operator=operator, perbekel=perbekel)

    with pytest.raises(alur.LangkahTidakSah, match="PDF surat belum selesai"):
        alur.jalankan(permohonan, "cetak", oleh=None, pada=timezone.now())

    assert not Notifikasi.objects.filter(pesan="menunggu_ttd").exists()


def test_kembalikan_voids_the_letter_and_keeps_its_number(permohonan, operator, perbekel):
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    lama = permohonan.surat

    alur.jalankan(
        permohonan, "kembalikan", oleh=perbekel, pada=timezone.now(), catatan="Nama salah."
    )
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)

    lama.refresh_from_db()
    assert (lama.batal_alasan, lama.batal_oleh) == ("Nama salah.", perbekel)
    assert permohonan.surat.urut == lama.urut + 1
    assert permohonan.surat.nomor != lama.nomor


def test_sign_only_under_the_mandate_on_the_paper_and_on_its_days(permohonan, operator, perbekel):
    sekdes = factories.buat_perbekel("sekdes", sebagai="AN", jabatan="Sekretaris Desa")
    factories.jalankan_sampai(permohonan, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)

    with pytest.raises(alur.LangkahTidakSah, match="pejabat lain"):
        alur.jalankan(permohonan, "tandatangani", oleh=sekdes, pada=timezone.now())
    Mandat.objects.filter(pejabat__akun=perbekel).update(sampai=date(2020, 12, 31))
    with pytest.raises(alur.LangkahTidakSah, match="mandat Anda tidak berlaku"):
        alur.jalankan(permohonan, "tandatangani", oleh=perbekel, pada=timezone.now())

    assert TandaTangan.objects.count() == 0


def test_tandatangani_leaves_signature_and_pickup_code(permohonan, operator, perbekel):
    factories.jalankan_sampai(permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)

    tanda = TandaTangan.objects.get()
    permohonan.refresh_from_db()
    assert (tanda.surat, tanda.oleh) == (permohonan.surat, perbekel)
    assert len(permohonan.kode_ambil) == 6
    assert permohonan.kode_ambil in Notifikasi.objects.get(pesan="siap_diambil").variabel


@pytest.mark.parametrize(
    ("bahan", "kata"),
    [
        (("", "", ""), "Pilih siapa"),
        (("ORANG", "A", "KTP-el"), "Pilih siapa"),
        (("WAKIL", " ", "KTP-el"), "Tulis nama"),
        (("WAKIL", "A", ""), "Tulis nama"),
    ],
)
def test_serahkan_needs_who_and_how(bahan, kata, permohonan, operator, perbekel):
    factories.jalankan_sampai(permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)

    with pytest.raises(alur.LangkahTidakSah, match=kata):
        alur.jalankan(
            permohonan, "serahkan", dampak.Serahkan(*bahan), oleh=operator, pada=timezone.now()
        )

    assert Penyerahan.objects.count() == 0


def test_ajukan_ulang_keeps_the_former_answer(permohonan, warga, operator):
    putusan = [{"apa": "isian", "kunci": "keperluan", "label": "Keperluan", "alasan": "Kurang."}]
    minta = dampak.MintaPerbaikan(putusan)
    alur.jalankan(permohonan, "minta_perbaikan", minta, oleh=operator, pada=timezone.now())
    lama = permohonan.isian["keperluan"]

    riwayat = alur.jalankan(
        permohonan,
        "ajukan_ulang",
        dampak.AjukanUlang(permohonan.isian | {"keperluan": "kredit di bank"}),
        oleh=warga,
        pada=timezone.now(),
    )

    permohonan.refresh_from_db()
    assert permohonan.isian["keperluan"] == "kredit di bank"
    assert riwayat.rincian == {"isian_lama": {"keperluan": lama}}


@pytest.mark.parametrize(
    ("verdicts", "kata"),
    [
        ([], "KTP-el: Unggah dokumen pengganti, lalu kirim."),
        (["DITOLAK"], "KTP-el: Fotonya gelap."),
        (["DIPERIKSA"], ""),
        (["SIAP", "DITOLAK"], ""),
    ],
)
def test_ajukan_ulang_needs_each_paper_that_was_asked_for(
    permohonan, warga, operator, verdicts, kata
):
    ktp = {"apa": "syarat", "kunci": "ktp", "label": "KTP-el", "alasan": "Buram."}
    minta, bahan = dampak.MintaPerbaikan([ktp]), dampak.AjukanUlang(permohonan.isian)
    alur.jalankan(permohonan, "minta_perbaikan", minta, oleh=operator, pada=timezone.now())
    factories.tambah_foto(permohonan, len(verdicts))
    for lampiran, keadaan in zip(permohonan.lampiran.order_by("-pk"), verdicts, strict=False):
        isi = {"keadaan": keadaan, "alasan": "Fotonya gelap.", "berkas": "x"}
        Berkas.objects.filter(pk=lampiran.berkas_id).update(**isi)

    if kata:
        with pytest.raises(alur.LangkahTidakSah, match=kata):
            alur.jalankan(permohonan, "ajukan_ulang", bahan, oleh=warga, pada=timezone.now())
    else:
        alur.jalankan(permohonan, "ajukan_ulang", bahan, oleh=warga, pada=timezone.now())

    permohonan.refresh_from_db()
    assert permohonan.status == ("PERLU_PERBAIKAN" if kata else "DIAJUKAN")


def test_ajukan_twice_gives_one_permohonan(warga):
    draf = factories.buat_draf(warga)

    pertama = ajukan.dari_draf(draf, oleh=warga, pada=timezone.now())
    kedua = ajukan.dari_draf(Draf.objects.get(pk=draf.pk), oleh=warga, pada=timezone.now())

    assert pertama == kedua
    assert Permohonan.objects.count() == Riwayat.objects.count() == 1
    assert Notifikasi.objects.filter(penerima=None).count() == 1


def test_ajukan_of_a_neighbours_draft_is_refused(warga, tetangga):
    draf = factories.buat_draf(warga)

    with pytest.raises(alur.LangkahTidakSah):
        ajukan.dari_draf(draf, oleh=tetangga, pada=timezone.now())

    assert Permohonan.objects.count() == 0


def test_incomplete_draft_is_not_sent_and_stays_open(warga):
    draf = factories.buat_draf(warga)
    draf.lampiran.filter(syarat="ktp").delete()

    with pytest.raises(pengisian.DrafBelumLengkap) as galat:
        ajukan.dari_draf(draf, oleh=warga, pada=timezone.now())

    assert galat.value.kurang == ["Foto/scan KTP-el pemohon belum diunggah."]
    draf.refresh_from_db()
    assert draf.terkirim is False
    assert not BukuNomor.objects.filter(terakhir__gt=0).exists()


@pytest.mark.django_db(transaction=True)
def test_two_operators_at_once_one_wins(permohonan, operator):
    lain = factories.buat_operator("niluh")
    mulai = threading.Barrier(2)
    hasil = []

    def tekan(oleh):
        try:
            salinan = Permohonan.objects.get(pk=permohonan.pk)
            mulai.wait()
            alur.jalankan(salinan, "proses", oleh=oleh, pada=timezone.now())
            hasil.append("menang")
        except alur.Keduluan as galat:
            hasil.append(str(galat))
        finally:
            connection.close()

    utas = [threading.Thread(target=tekan, args=[o]) for o in (operator, lain)]
    for u in utas:
        u.start()
    for u in utas:
        u.join()

    kalah = [h for h in hasil if h != "menang"]
    assert len(hasil) == 2
    assert len(kalah) == 1
    assert "“proses” oleh" in kalah[0]
    assert permohonan.riwayat.filter(langkah="proses").count() == 1


@pytest.mark.django_db(transaction=True)
def test_cancelled_and_approved_at_once_is_one_of_the_two(permohonan, warga, operator, perbekel):
    """A number is taken only by the one that wins."""
    _jalankan(permohonan, "proses", operator, perbekel)

    def tekan(hal):
        langkah, oleh = hal
        salinan = Permohonan.objects.get(pk=permohonan.pk)
        try:
            _jalankan(salinan, langkah, oleh, perbekel)
        except alur.LangkahTidakSah as galat:
            return type(galat)
        return langkah

    hasil = serentak.jalankan(tekan, [("batalkan", warga), ("setujui", operator)])

    permohonan.refresh_from_db()
    assert hasil in (["batalkan", alur.Keduluan], [alur.Keduluan, "setujui"])
    menang = "DIBATALKAN" if hasil[0] == "batalkan" else "DICETAK"
    assert permohonan.status == menang
    assert Surat.objects.count() == (menang == "DICETAK")


@pytest.mark.django_db(transaction=True)
def test_sixteen_taps_on_kirim_make_one_permohonan(warga, operator):
    draf = factories.buat_draf(warga)
    mulai = threading.Barrier(16)
    nomor = []

    def tekan():
        try:
            salinan = Draf.objects.select_related("jenis").get(pk=draf.pk)
            mulai.wait()
            nomor.append(ajukan.dari_draf(salinan, oleh=warga, pada=timezone.now()).nomor)
        finally:
            connection.close()

    utas = [threading.Thread(target=tekan) for _ in range(16)]
    for u in utas:
        u.start()
    for u in utas:
        u.join()

    assert len(nomor) == 16
    assert len(set(nomor)) == 1
    assert Permohonan.objects.count() == 1
    assert Notifikasi.objects.count() == 2  # the resident and one operator


def test_one_step_never_queues_two_messages(permohonan):
    riwayat = permohonan.riwayat.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        notifikasi.catat(riwayat, permohonan, "diterima", kabari_petugas=False)


def test_database_refuses_a_status_without_its_letter(permohonan):
    # The tripwire for status writers does not look into tests; the constraint holds by itself.
    with pytest.raises(IntegrityError), transaction.atomic():
        Permohonan.objects.filter(pk=permohonan.pk).update(status="SIAP_DIAMBIL")


def test_steps_in_order_of_time(permohonan, operator):
    esok = timezone.now() + timedelta(days=1)

    alur.jalankan(permohonan, "proses", oleh=operator, pada=esok)

    assert permohonan.diperbarui_pada == esok
