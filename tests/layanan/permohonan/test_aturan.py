"""What contradicts the register stops at the office: refused, or issued with a reason that the
signer reads."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from layanan.models import Permohonan
from layanan.permohonan import alur, dampak
from penduduk.models import Penduduk
from surat.models import JenisSurat, Surat
from surat.naskah.susunan import Bahan
from tests import factories
from tests.halaman import formulir, kata, kirim, sebagai
from tests.surat.aturan import perkara
from tests.surat.aturan.perkara import Baris

pytestmark = [pytest.mark.sekali, pytest.mark.django_db]

ALASAN = "Akta sudah dilihat petugas"
# Of each type the first row that is its own, and of each strength one at least.
SATU_SATU = {(b.kode, b.kuat): b for b in reversed(perkara.semua()) if b.kuat != "PERHATIKAN"}


@pytest.fixture
def mandat(perbekel):
    return perbekel.pejabat.mandat.get()


def simpan(satu: Bahan, register: dict[str, dict[str, Any]]) -> None:
    """The fictitious people as rows of the register."""
    kasus = perkara.kasus(satu, register)
    for orang in [*satu.penduduk.values(), *kasus.register.values()]:
        if orang.keluarga:
            if orang.keluarga.banjar and orang.keluarga.banjar._state.adding:
                orang.keluarga.banjar.save()
            if orang.keluarga._state.adding:
                orang.keluarga.save()
        orang.save(force_insert=True)


def diproses(jenis: JenisSurat, baris: Baris) -> tuple[Permohonan, Bahan]:
    satu = perkara.ubah(perkara.bahan(jenis, tanggal=timezone.localdate()), baris)
    simpan(satu, baris.register)
    sekarang = timezone.now()
    permohonan = Permohonan.objects.create(
        nomor="P-2026-0001",
        kode_resi="RESIUJI1",
        pemohon=Penduduk.objects.get(pk=satu.pemohon.pk),
        jenis=jenis,
        isian=satu.jawaban,
        dibawa=[],
        status="DIPROSES",
        diajukan_pada=sekarang,
        diperbarui_pada=sekarang,
        janji_pada=sekarang,
    )
    return permohonan, satu


def setujui(permohonan: Permohonan, satu: Bahan, mandat, operator, **lain: Any) -> None:
    sunting = {
        b.kunci: "Kalimat petugas."
        for b in permohonan.jenis.pertanyaan.all()
        if b.disunting and b.kunci in permohonan.isian
    }
    bahan = dampak.Setujui(mandat, satu.pengantar, sunting, **lain)
    alur.jalankan(permohonan, "setujui", bahan, oleh=operator, pada=timezone.now())


@pytest.mark.parametrize("baris", SATU_SATU.values(), ids=str)
def test_none_is_issued_without_the_recorded_reason(semua_jenis, baris, mandat, operator):
    permohonan, satu = diproses(semua_jenis[baris.kode], baris)

    for alasan in ("", "x"):
        with pytest.raises(alur.LangkahTidakSah) as tangkap:
            setujui(permohonan, satu, mandat, operator, alasan=alasan)
        assert baris.kata in str(tangkap.value)
        assert Surat.objects.count() == 0

    if baris.kuat == "TOLAK":
        with pytest.raises(alur.LangkahTidakSah, match=r"^Surat tidak dapat diterbitkan\. "):
            setujui(permohonan, satu, mandat, operator, alasan=ALASAN)
        assert Surat.objects.count() == 0
        return
    setujui(permohonan, satu, mandat, operator, alasan=f"  {ALASAN} \n")
    rincian = permohonan.riwayat.get().bertentangan
    assert rincian["alasan"] == ALASAN
    assert [k for k in rincian["kata"] if baris.kata in k]


@pytest.fixture(scope="module")
def semua_jenis(django_db_setup, django_db_blocker):
    from tests.surat.conftest import semua_jenis as asal

    yield from asal.__wrapped__(django_db_setup, django_db_blocker)


# --- The pages --------------------------------------------------------------------------------


def _kawin(operator) -> Permohonan:
    """The very case: a married man asks for a letter that he is not."""
    warga = factories.buat_warga(nama="I Wayan Contoh", status_perkawinan=2)
    permohonan = factories.buat_permohonan(warga, "belum_menikah")
    alur.jalankan(permohonan, "proses", oleh=operator, pada=timezone.now())
    return permohonan


def _alamat(permohonan: Permohonan) -> str:
    return f"/kelola/layanan/permohonan/{permohonan.pk}/change/"


PENGANTAR = {"setujui-no_pengantar": "12/BD/XI/2026", "setujui-tgl_pengantar": "2026-11-20"}


def test_operator_reads_it_gives_a_reason_and_the_signer_reads_that(operator, perbekel):
    permohonan, kantor = _kawin(operator), sebagai(operator)
    kalimat = "Menurut data desa I Wayan Contoh berstatus Kawin"

    hal = kantor.get(_alamat(permohonan))
    assert f"Bertentangan dengan data desa: {kalimat}" in kata(hal)
    ditolak = kirim(kantor, hal, "Setujui", PENGANTAR)
    assert ditolak.status_code == 200 and "tulis sebabnya di “Tetap diterbitkan" in kata(ditolak)
    assert Surat.objects.count() == 0

    isi = PENGANTAR | {"setujui-alasan": ALASAN}
    kirim(kantor, ditolak, "Setujui", isi)

    permohonan.refresh_from_db()
    assert f"Tetap diterbitkan karena: “{ALASAN}”" in kata(kantor.get(_alamat(permohonan)))
    assert "Yang perlu diperiksa sebelum setuju" not in kata(kantor.get(_alamat(permohonan)))
    factories.cetak_semua()
    meja = kata(sebagai(perbekel).get(f"/meja/{permohonan.nomor}/"))
    assert "Bertentangan, tetapi diterbitkan:" in meja
    assert kalimat in meja and f"Alasan petugas: {ALASAN}" in meja


def test_reason_covers_only_what_its_writer_has_read(operator, perbekel):
    """The register changes between the page and the button."""
    permohonan, kantor = _kawin(operator), sebagai(operator)
    hal = kantor.get(_alamat(permohonan))
    assert "Tetap diterbitkan karena Wajib, karena ada yang bertentangan" in kata(hal)
    Penduduk.objects.filter(pk=permohonan.pemohon_id).update(status_perkawinan=3)
    isi = PENGANTAR | {"setujui-alasan": ALASAN}

    ditahan = kirim(kantor, hal, "Setujui", isi)

    teks = kata(ditahan)
    assert "sudah berubah sejak halaman ini dibuka" in teks and "berstatus Cerai Hidup" in teks
    assert formulir(ditahan, "Setujui").isi["setujui-alasan"] == [ALASAN]
    assert Surat.objects.count() == 0
    kirim(kantor, ditahan, "Setujui", isi)  # read, and pressed again
    assert "Cerai Hidup" in str(Permohonan.objects.get().riwayat.last().bertentangan["kata"])


def test_reason_that_comes_without_a_page_that_was_read_is_refused(operator, perbekel):
    permohonan, kantor = _kawin(operator), sebagai(operator)
    isi = formulir(kantor.get(_alamat(permohonan)), "Setujui").isi
    isi |= PENGANTAR | {"setujui-alasan": ALASAN, "setujui-dilihat": ""}

    hal = kantor.post(_alamat(permohonan).replace("change", "langkah/setujui"), isi)

    assert "sudah berubah" in kata(hal) and Surat.objects.count() == 0


def test_sentence_about_the_register_is_not_printed_against_it(operator, perbekel, mandat):
    permohonan = _kawin(operator)
    bahan = factories.setujui(mandat, alasan=ALASAN)
    alur.jalankan(permohonan, "setujui", bahan, oleh=operator, pada=timezone.now())

    tubuh = str(permohonan.surat.data["isi"])
    assert "Menurut keterangan yang bersangkutan" in tubuh
    assert "data kependudukan" not in tubuh


def test_ordinary_letter_rests_on_the_register(operator, mandat):
    warga = factories.buat_warga(status_perkawinan=1)
    permohonan = factories.buat_permohonan(warga, "belum_menikah")
    alur.jalankan(permohonan, "proses", oleh=operator, pada=timezone.now())
    bahan = factories.setujui(mandat)
    alur.jalankan(permohonan, "setujui", bahan, oleh=operator, pada=timezone.now())

    assert "Menurut data kependudukan Desa Bugbug" in str(permohonan.surat.data["isi"])
    assert permohonan.riwayat.last().bertentangan == {}


def test_resident_is_told_kindly_of_the_own_data_and_can_send_all_the_same():
    warga = factories.buat_warga(nama="I Wayan Contoh", status_perkawinan=2)
    factories.buat_draf(warga, "belum_menikah")
    client = sebagai(warga)

    hal = client.get("/layanan/surat/belum_menikah/periksa/")

    assert "Menurut data desa I Wayan Contoh berstatus Kawin" in kata(hal)
    assert "Surat tetap dapat dikirim." in kata(hal)
    kirim(client, hal, "Kirim")
    assert Permohonan.objects.count() == 1


def test_resident_learns_nothing_of_others_from_a_rule():
    """Somebody else's NIK, typed: the office sees whose it is, the resident does not."""
    warga = factories.buat_warga(nama="I Wayan Contoh")
    lain = factories.buat_penduduk(
        nama="Ni Made Rahasia", jenis_kelamin=2, status_dasar=2, tanggal_lahir=date(2015, 1, 1)
    )
    penerima = {"nama": "Ni Made Rahasia", "nik": lain.nik, "tanggal_lahir": ""}
    draf = factories.buat_draf(warga, "belum_menikah")
    jenis = factories.jenis("kuasa")
    draf.jenis, draf.isian = jenis, {"penerima": penerima, "untuk": "mengambil rapor"}
    from layanan.permohonan import pengisian

    hari = timezone.localdate()
    semua = {"pemohon": warga.penduduk, "hari": hari}
    kantor, _ = pengisian.temuan(jenis, draf.isian, **semua)
    sendiri, _ = pengisian.temuan(jenis, draf.isian, **semua, kantor=False)

    assert [t.kalimat for t in kantor if "sudah meninggal" in t.kalimat]
    assert sendiri == []


def test_page_of_a_request_costs_no_more_than_before(
    operator, perbekel, django_assert_max_num_queries
):
    permohonan, kantor = _kawin(operator), sebagai(operator)
    kantor.get(_alamat(permohonan))

    with django_assert_max_num_queries(40) as kueri:
        kantor.get(_alamat(permohonan))

    assert sum("surat_aturan" in k["sql"] for k in kueri.captured_queries) == 0
