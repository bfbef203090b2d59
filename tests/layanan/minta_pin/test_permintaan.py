"""Requests for a PIN: who decides, what is sent, what is kept, what is forgotten."""

import re
import sqlite3
from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from layanan import tasks
from layanan.kotak_keluar import pengiriman
from layanan.minta_pin import cocokan, permintaan
from layanan.models import Berkas, Jejak, Notifikasi, PermintaanPIN
from layanan.permohonan import berkas
from layanan.retensi import jalan
from penduduk.akun import penjagaan, pin
from penduduk.models import Akun, KejadianAkun, Penduduk
from simulator import twilio_palsu as tp
from tests import factories, halaman, serentak

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]

K = PermintaanPIN.Keadaan
LAMA = "+6281234567890"  # what factories.buat_warga remembers


def terbitkan(satu: PermintaanPIN, orang: Penduduk, oleh: Akun, **lain) -> Notifikasi:
    return permintaan.terbitkan(satu, orang=orang, oleh=oleh, pada=timezone.now(), **lain)


def beri_foto(satu: PermintaanPIN, *dokumen: str) -> list[Berkas]:
    hasil = []
    for ke, kode in enumerate(dokumen):
        foto = berkas.terima(
            factories.foto(ukuran=(200 + ke, 150)),
            permintaan=satu,
            dokumen=kode,
            label=permintaan.DOKUMEN[kode],
            pada=timezone.now(),
        )
        hasil.append(berkas.bersihkan_segera(foto))
    return hasil


def pin_terkirim(twilio) -> list[str]:
    """Codes that reached a phone, oldest first."""
    return [m.variabel["1"] for m in twilio.messages if "kode verifikasi" in m.body]


# --- Issuing ---------------------------------------------------------------------------------


def test_issued_pin_reaches_the_phone_and_opens_the_account_once(twilio, operator):
    orang = factories.buat_penduduk()
    satu = factories.buat_permintaan_pin()

    terbitkan(satu, orang, operator)
    pengiriman.kirim_yang_menunggu()

    (kode,) = pin_terkirim(twilio)
    akun = Akun.objects.get(penduduk=orang)
    assert {m.ke for m in twilio.messages} == {f"whatsapp:{satu.nomor_hp}"}
    assert pin.cocok(akun, kode, pada=timezone.now())
    assert akun.wajib_ganti_pin is True
    assert akun.nomor_hp == satu.nomor_hp
    sisa = akun.pin_berlaku_sampai - timezone.now()
    assert timedelta(hours=71, minutes=59) < sisa <= timedelta(hours=72)
    satu.refresh_from_db()
    assert (satu.keadaan, satu.penduduk, satu.diputus_oleh) == (K.DITERBITKAN, orang, operator)


def _seluruh_basis_data() -> str:
    """Every text in every table, as one string."""
    with connection.cursor() as kursor:
        isi = []
        for tabel in connection.introspection.table_names(kursor):
            kursor.execute(f'SELECT * FROM "{tabel}"')
            isi += [str(kolom) for baris in kursor.fetchall() for kolom in baris]
    return "\n".join(isi)


def test_pin_stands_in_no_row_no_log_and_no_file(twilio, operator, caplog, tmp_path):
    satu = factories.buat_permintaan_pin()

    terbitkan(satu, factories.buat_penduduk(), operator)
    tasks.kirim_pesan()

    (kode,) = pin_terkirim(twilio)
    angka = re.compile(rf"(?<!\d){kode}(?!\d)")
    assert not angka.search(_seluruh_basis_data())
    assert not angka.search(caplog.text)
    assert not [b for b in tmp_path.rglob("*") if b.is_file() and kode.encode() in b.read_bytes()]


def test_retry_makes_a_new_pin_and_only_the_last_one_opens(twilio, operator):
    orang = factories.buat_penduduk()
    twilio.rencanakan(None, tp.SIBUK)  # the introduction goes through, the PIN is refused
    baris = terbitkan(factories.buat_permintaan_pin(), orang, operator)
    pengiriman.kirim_yang_menunggu()
    ditolak = twilio.panggilan[-1][2]["ContentVariables"]
    Notifikasi.objects.filter(pk=baris.pk).update(ambil_lagi_pada=timezone.now())

    pengiriman.kirim_yang_menunggu()

    (kode,) = pin_terkirim(twilio)
    akun = Akun.objects.get(penduduk=orang)
    assert kode not in ditolak
    assert pin.cocok(akun, kode, pada=timezone.now())
    assert not pin.cocok(akun, re.findall(r"\d{6}", ditolak)[0], pada=timezone.now())


@pytest.mark.usefixtures("cepat_menyerah")
def test_pin_whose_answer_was_lost_is_asked_for_and_not_sent_twice(twilio, operator):
    orang = factories.buat_penduduk()
    twilio.rencanakan(None, tp.DIAM_SESUDAH)
    baris = terbitkan(factories.buat_permintaan_pin(), orang, operator)
    pengiriman.kirim_yang_menunggu()
    Notifikasi.objects.filter(pk=baris.pk).update(ambil_lagi_pada=timezone.now())

    pengiriman.kirim_yang_menunggu()

    baris.refresh_from_db()
    (kode,) = pin_terkirim(twilio)
    assert baris.keadaan == "DIKIRIM" and baris.sid
    assert pin.cocok(Akun.objects.get(penduduk=orang), kode, pada=timezone.now())


def test_without_whatsapp_the_operator_is_sent_to_the_slip(operator):
    baris = terbitkan(factories.buat_permintaan_pin(), factories.buat_penduduk(), operator)

    pengiriman.kirim_yang_menunggu()

    baris.refresh_from_db()
    assert baris.keadaan == "GAGAL"
    assert "slip PIN" in baris.galat


def test_number_from_before_is_told_and_can_lock(twilio, operator, warga):
    satu = factories.buat_permintaan_pin()

    terbitkan(satu, warga.penduduk, operator)
    tasks.kirim_pesan()

    (kabar,) = [m for m in twilio.messages if m.ke == f"whatsapp:{LAMA}"]
    assert "Balas BUKAN SAYA" in kabar.body
    token = re.search(r"/pin/bukan-saya/([^/]+)/", kabar.body).group(1)
    assert penjagaan.kejadian_dari_token(token, pada=timezone.now()).akun == warga


def test_same_number_gets_no_second_warning(twilio, operator, warga):
    satu = factories.buat_permintaan_pin(nomor_hp=LAMA)

    terbitkan(satu, warga.penduduk, operator)
    tasks.kirim_pesan()

    assert [n.pesan for n in Notifikasi.objects.order_by("pk")] == ["pin_pengantar", "pin"]
    assert not KejadianAkun.objects.filter(dikabarkan=False).exists()


@pytest.mark.parametrize(
    ("lain", "kata"),
    [({"nik": None}, "NIK"), ({"nik": "0510704200100001"}, "NIK"), ({"status_dasar": 2}, "hidup")],
)
def test_who_cannot_log_in_gets_no_pin(lain, kata, operator):
    satu = factories.buat_permintaan_pin()

    with pytest.raises(pin.TidakBisaMasuk, match=kata):
        terbitkan(satu, factories.buat_penduduk(**lain), operator)

    satu.refresh_from_db()
    assert satu.keadaan == K.MENUNGGU
    assert not Notifikasi.objects.exists()


def test_frozen_account_gets_no_pin(operator, warga):
    penjagaan.bekukan(warga, sebab=Akun.SebabBeku.BUKAN_SAYA, pada=timezone.now())

    with pytest.raises(pin.TidakBisaMasuk):
        terbitkan(factories.buat_permintaan_pin(), warga.penduduk, operator)


def test_account_frozen_before_the_worker_came_gets_no_pin(twilio, operator):
    orang = factories.buat_penduduk()
    baris = terbitkan(factories.buat_permintaan_pin(), orang, operator)
    akun = Akun.objects.get(penduduk=orang)
    penjagaan.bekukan(akun, sebab=Akun.SebabBeku.PETUGAS, pada=timezone.now(), oleh=operator)

    pengiriman.kirim_yang_menunggu()

    baris.refresh_from_db()
    assert baris.keadaan == "GAGAL"
    assert pin_terkirim(twilio) == []


def test_failed_pin_can_be_sent_again(twilio, operator):
    twilio.rencanakan(None, tp.galat(63024))
    orang, satu = factories.buat_penduduk(), factories.buat_permintaan_pin()
    terbitkan(satu, orang, operator)
    pengiriman.kirim_yang_menunggu()
    assert pin_terkirim(twilio) == []

    assert permintaan.kirim_ulang(satu, pada=timezone.now()) is True
    pengiriman.kirim_yang_menunggu()

    assert len(pin_terkirim(twilio)) == 1
    assert permintaan.kirim_ulang(satu, pada=timezone.now()) is False


# --- Refusing ----------------------------------------------------------------------------------


def test_refusal_tells_the_reason(twilio, operator):
    satu = factories.buat_permintaan_pin()

    permintaan.tolak(satu, alasan="KTP-el bukan milik Anda.", oleh=operator, pada=timezone.now())
    pengiriman.kirim_yang_menunggu()

    (kabar,) = twilio.messages
    assert "Catatan operator: KTP-el bukan milik Anda. Ada pertanyaan" in kabar.body
    assert satu.keadaan == K.DITOLAK


def test_foto_ulang_may_be_asked_for_more_than_once(twilio):
    satu = factories.buat_permintaan_pin()
    for alasan in ("KK buram", "KK terpotong"):
        permintaan.minta_foto_ulang(satu, alasan=alasan, pada=timezone.now())
    pengiriman.kirim_yang_menunggu()

    assert ["buram" in m.body for m in twilio.messages] == [True, False]


@pytest.mark.parametrize("langkah", ["tolak", "minta_foto_ulang", "terbitkan"])
def test_decided_request_cannot_be_decided_again(langkah, operator):
    satu = factories.buat_permintaan_pin()
    basi = PermintaanPIN.objects.get(pk=satu.pk)
    permintaan.tolak(satu, alasan="Bukan warga", oleh=operator, pada=timezone.now())
    bahan = {
        "tolak": {"alasan": "x", "oleh": operator},
        "minta_foto_ulang": {"alasan": "x"},
        "terbitkan": {"orang": factories.buat_penduduk(), "oleh": operator},
    }[langkah]

    with pytest.raises(permintaan.SudahDiputus):
        getattr(permintaan, langkah)(basi, pada=timezone.now(), **bahan)

    assert Notifikasi.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_operators_at_once_make_one_pin():
    satu, orang = factories.buat_permintaan_pin(), factories.buat_penduduk()
    petugas = [factories.buat_operator(f"operator{n}") for n in range(2)]

    def putuskan(oleh: Akun) -> bool:
        try:
            terbitkan(PermintaanPIN.objects.get(pk=satu.pk), orang, oleh)
        except (permintaan.SudahDiputus, IntegrityError, sqlite3.OperationalError):
            return False
        return True

    hasil = serentak.jalankan(putuskan, petugas)

    assert sorted(hasil) == [False, True]
    assert Notifikasi.objects.filter(pesan="pin").count() == 1


# --- Matching ----------------------------------------------------------------------------------


def test_suggestion_marks_what_differs():
    orang = factories.buat_penduduk(nama="I Wayan Gede Suparta", tanggal_lahir=date(1990, 3, 12))
    satu = factories.buat_permintaan_pin(
        asal="SITUS", nama="Wyn Gde Suparta", nik=orang.nik, tanggal_lahir=date(1991, 3, 12)
    )

    (cocok,) = cocokan.calon(satu)

    assert cocok.orang == orang
    assert {label: sama for label, _, _, sama in cocok.beda} == {
        "NIK": True,
        "Nama": True,
        "Tanggal lahir": False,
    }
    assert cocok.semua_sama is False


def test_whatsapp_request_is_matched_by_number_then_by_name(warga):
    satu = factories.buat_permintaan_pin(nomor_hp=LAMA, nama_wa="Made Tetangga")
    tetangga = factories.buat_penduduk(nama="Ni Made Tetangga")
    factories.buat_penduduk(nama="I Ketut Lain")

    assert [(c.orang, c.sebab) for c in cocokan.calon(satu)] == [
        (warga.penduduk, "nomor HP ini tercatat padanya"),
        (tetangga, "nama mirip"),
    ]


def test_search_of_the_operator_replaces_the_suggestions(warga):
    orang = factories.buat_penduduk(nama="I Nyoman Dicari")
    satu = factories.buat_permintaan_pin(nomor_hp=LAMA)

    assert [c.orang for c in cocokan.calon(satu, cari="nym dicari")] == [orang]
    assert [c.orang for c in cocokan.calon(satu, cari=orang.nik[-6:])] == [orang]


def test_suggestions_cost_the_same_for_one_and_for_many(django_assert_num_queries):
    satu = factories.buat_permintaan_pin(nama_wa="Contoh")
    factories.buat_warga(nama="I Wayan Contoh")
    with django_assert_num_queries(2):
        cocokan.calon(satu)
    for _ in range(4):
        factories.buat_warga(nama="I Wayan Contoh")

    with django_assert_num_queries(2):
        assert len(cocokan.calon(satu)) == 5


# --- Forgetting --------------------------------------------------------------------------------


@pytest.mark.parametrize(("hari", "tersisa"), [(6, 2), (8, 0)])
@pytest.mark.parametrize("putusan", ["terbitkan", "tolak"])
def test_photos_go_a_week_after_the_decision_and_the_decision_stays(
    putusan, hari, tersisa, operator
):
    satu = factories.buat_permintaan_pin()
    foto = beri_foto(satu, "ktp", "kk")
    if putusan == "tolak":
        permintaan.tolak(satu, alasan="Bukan warga", oleh=operator, pada=timezone.now())
    else:
        terbitkan(satu, factories.buat_penduduk(), operator)

    jalan.jalankan(pada=timezone.now() + timedelta(days=hari))

    assert Berkas.objects.count() == tersisa
    assert [default_storage.exists(b.berkas) for b in foto] == [bool(tersisa)] * 2
    satu.refresh_from_db()
    assert satu.diputus_oleh == operator
    assert (satu.foto_dihapus_pada is None) is bool(tersisa)


def test_waiting_request_keeps_its_photos_however_old():
    satu = factories.buat_permintaan_pin()
    beri_foto(satu, "ktp", "kk")

    jalan.jalankan(pada=timezone.now() + timedelta(days=60))

    assert satu.berkas.count() == 2


@pytest.mark.parametrize(
    ("asal", "keadaan", "hari", "basi"),
    [
        ("WA", "KUMPUL", 6, False),
        ("WA", "KUMPUL", 8, True),
        ("WA", "FOTO_ULANG", 8, True),
        ("SITUS", "KUMPUL", 2, True),
        ("SITUS", "FOTO_ULANG", 2, False),
    ],
)
def test_request_that_nobody_goes_on_with_is_closed_and_forgotten(asal, keadaan, hari, basi):
    satu = factories.buat_permintaan_pin(asal=asal, keadaan=keadaan, alasan="Buram")
    beri_foto(satu, "ktp")

    jalan.jalankan(pada=timezone.now() + timedelta(days=hari))

    satu.refresh_from_db()
    assert (satu.keadaan == K.KEDALUWARSA) is basi
    assert satu.berkas.exists() is not basi


def test_sweep_that_was_interrupted_leaves_no_orphan(monkeypatch):
    """The process dies after the first file: its row still names it, the next sweep goes on."""
    satu = factories.buat_permintaan_pin(keadaan=K.KEDALUWARSA)
    foto = beri_foto(satu, "ktp", "kk")

    def mati(self, *_):
        raise KeyboardInterrupt

    with monkeypatch.context() as m:
        m.setattr(Berkas, "delete", mati)
        with pytest.raises(KeyboardInterrupt):
            jalan.jalankan(pada=timezone.now())
    jalan.jalankan(pada=timezone.now())

    assert not Berkas.objects.exists()
    assert not [b for b in foto if default_storage.exists(b.berkas)]


def test_who_looked_at_a_photo_stays_known_after_it_is_gone(operator):
    satu = factories.buat_permintaan_pin()
    (foto,) = beri_foto(satu, "ktp")
    halaman.baca(halaman.sebagai(operator), f"/berkas/{foto.pk}/")
    permintaan.batalkan(satu, pada=timezone.now())

    jejak = Jejak.objects.get()
    assert (jejak.oleh, jejak.objek, jejak.warga) == (operator, str(foto.pk), None)


# --- Constraints ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "isi",
    [
        {"keadaan": "TERBIT"},
        {"keadaan": "DITOLAK", "alasan": "x"},
        {"keadaan": "MENUNGGU", "diputus_pada": timezone.now()},
        {"keadaan": "FOTO_ULANG", "alasan": ""},
    ],
    ids=["terbit tanpa penduduk", "ditolak tanpa waktu", "menunggu diputus", "tanpa alasan"],
)
def test_database_refuses_nonsense(isi):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.buat_permintaan_pin(**isi)


def test_one_open_whatsapp_request_per_number():
    factories.buat_permintaan_pin(nomor_hp=LAMA)

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.buat_permintaan_pin(nomor_hp=LAMA)
