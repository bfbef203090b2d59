"""Whoever a message did not reach stands on the call list, until told by another way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from layanan.kabar import akun as kabar_akun
from layanan.kabar import panggilan
from layanan.kotak_keluar import aturan, nomor_wa, notifikasi, persetujuan
from layanan.minta_pin import permintaan
from layanan.models import (
    AturanKabar,
    KabarBerkala,
    NomorWA,
    Notifikasi,
    Permohonan,
    PersetujuanWA,
    Riwayat,
    TemplatWA,
)
from layanan.percakapan import bentuk, masuk
from layanan.permohonan import ajukan, alur
from penduduk.akun import penjagaan
from penduduk.models import Akun, KejadianAkun
from tests import factories, serentak
from tests.halaman import sebagai

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]
K = Notifikasi.Keadaan
Cara = Notifikasi.Cara
L = Riwayat.Langkah
P, KANAL = AturanKabar.Penerima, AturanKabar.Kanal


def lalu(menit: float):
    return timezone.now() - timedelta(minutes=menit)


@pytest.fixture
def langkah(permohonan_ringan: Permohonan):
    """A step of the request `menit` ago, whose message ended so."""

    def buat(
        kode: str, keadaan: str = K.GAGAL, *, menit: float = 60, permohonan=None, **lain
    ) -> Notifikasi:
        untuk = permohonan or permohonan_ringan
        pada = lalu(menit)
        riwayat = Riwayat.objects.create(
            permohonan=untuk,
            langkah=lain.pop("langkah", L.PROSES),
            ke="DIPROSES",
            pada=pada,
            oleh=lain.pop("oleh", None),
        )
        (baris,) = notifikasi.catat(riwayat, untuk, kode, kabari_petugas=False)
        isi = {"keadaan": keadaan, "galat": "Tidak sampai.", "berubah_pada": pada} | lain
        Notifikasi.objects.filter(pk=baris.pk).update(**isi)
        Permohonan.objects.filter(pk=untuk.pk).update(diperbarui_pada=pada)
        baris.refresh_from_db()
        return baris

    return buat


@pytest.fixture
def lain(permohonan_ringan):
    """A second request, of somebody else."""
    sekarang = timezone.now()
    return Permohonan.objects.create(
        nomor="P-2026-0002",
        kode_resi="RESIUJI2",
        pemohon=factories.buat_penduduk(),
        jenis=permohonan_ringan.jenis,
        nomor_hp="+6281234567891",
        status=Permohonan.Status.DIPROSES,
        diajukan_pada=sekarang,
        diperbarui_pada=sekarang,
        janji_pada=sekarang,
    )


def daftar(pada=None) -> list[Notifikasi]:
    return list(panggilan.daftar(pada=pada or timezone.now()))


def segar(baris: Notifikasi) -> Notifikasi:
    return Notifikasi.objects.get(pk=baris.pk)


def bereskan() -> int:
    return panggilan.bereskan(pada=timezone.now())


# --- Who stands on it -------------------------------------------------------------------------


@pytest.mark.parametrize("keadaan", K.values)
def test_what_did_not_arrive_is_there_half_an_hour_later_and_nothing_else(langkah, keadaan):
    baris = langkah("diproses", keadaan, menit=0)
    gagal = keadaan in (K.GAGAL, K.PERLU_DICEK, K.TANPA_WA)

    assert daftar(baris.berubah_pada + timedelta(minutes=29, seconds=59)) == []
    assert daftar(baris.berubah_pada + timedelta(minutes=30)) == [baris] * gagal


def test_longest_waiting_comes_first(langkah, lain):
    baru = langkah("diproses", menit=40)
    lama = langkah("diproses", menit=90, permohonan=lain)

    assert daftar() == [lama, baru]


def test_one_row_for_a_request_with_its_latest_news_waiting_since_the_first(langkah):
    lama = langkah("diproses", menit=120, hubungi_kali=2)
    baru = langkah("menunggu_ttd", menit=5, hubungi_kali=1)

    (satu,) = daftar()
    assert satu == baru
    assert (satu.sejak, satu.kali) == (lama.berubah_pada, 3)


def test_later_news_on_its_way_is_waited_for_half_an_hour(langkah):
    lama = langkah("diproses", menit=120)
    langkah("menunggu_ttd", K.DIKIRIM, menit=5)

    assert daftar() == []
    assert daftar(timezone.now() + timedelta(minutes=25)) == [lama]


def test_staff_answers_and_digests_never_stand_on_it(langkah, warga, operator, permohonan_ringan):
    petugas = langkah("petugas_baru")
    Notifikasi.objects.filter(pk=petugas.pk).update(penerima=operator)
    pada = lalu(60)
    isi = {"From": f"whatsapp:{warga.nomor_hp}", "MessageSid": "SM" + "1" * 32, "Body": "halo"}
    jawaban = masuk.terima(bentuk.baca(isi), pada=pada)
    notifikasi.tulis("balas_mulai", nomor_hp=warga.nomor_hp, pada=pada, masuk=jawaban)
    for jenis in (KabarBerkala.Jenis.KELIAN, KabarBerkala.Jenis.RINGKASAN_TTD):
        notifikasi.tulis_berkala(
            "kelian_belum_diambil", jenis, f"{jenis}:1", nomor_hp=warga.nomor_hp, pada=pada
        )
    Notifikasi.objects.update(keadaan=K.GAGAL, berubah_pada=pada)

    assert Notifikasi.objects.count() == 4
    assert daftar() == []


@pytest.mark.parametrize(
    ("siapkan", "sebab"),
    [
        ({"kabari_wa": False}, "Warga tidak ingin dikabari lewat WhatsApp."),
        ({"nomor_hp": ""}, "Warga tidak punya nomor HP."),
    ],
)
def test_resident_without_consent_or_number_is_called(permohonan_ringan, langkah, siapkan, sebab):
    for nama, nilai in siapkan.items():
        setattr(permohonan_ringan, nama, nilai)

    baris = langkah("diproses", K.TANPA_WA, galat="")
    (asli,) = daftar()

    assert asli == baris
    assert nomor_wa.SEBAB[asli.kode_galat].startswith(sebab)


def test_switched_off_telephone_takes_the_step_off_and_back_on(langkah, lain):
    mati = langkah("diproses", langkah=L.PROSES)
    nyala = langkah("siap_diambil", langkah=L.TANDATANGANI, permohonan=lain)
    akun = factories.buat_warga()
    penjagaan.catat(akun, KejadianAkun.Jenis.PIN_DIGANTI, pada=lalu(60))
    kabar_akun.kabarkan_yang_menunggu(pada=lalu(60))
    kejadian = Notifikasi.objects.get(pesan="pin_ganti")
    Notifikasi.objects.filter(pk=kejadian.pk).update(keadaan=K.GAGAL)

    aturan.ubah({(L.PROSES, P.WARGA, KANAL.TELEPON): False})
    tanpa = set(daftar())
    aturan.ubah({(L.PROSES, P.WARGA, KANAL.TELEPON): True})

    assert tanpa == {nyala, kejadian}
    assert set(daftar()) == {mati, nyala, kejadian}


def _pengingat(permohonan: Permohonan, keadaan: str = K.GAGAL, menit: float = 50) -> Notifikasi:
    baris = notifikasi.tulis_berkala(
        "belum_diambil",
        KabarBerkala.Jenis.PENGINGAT,
        f"pengingat:{permohonan.pk}:{menit}",
        nomor_hp=permohonan.nomor_hp,
        pada=lalu(menit),
        permohonan=permohonan,
    )
    Notifikasi.objects.filter(pk=baris.pk).update(keadaan=keadaan)
    return segar(baris)


def test_reminder_is_called_only_where_the_village_wants_it_and_in_the_row_of_its_request(
    langkah, permohonan_ringan
):
    siap = langkah("siap_diambil", menit=60)
    pengingat = _pengingat(permohonan_ringan)

    baku = daftar()
    aturan.ubah({(aturan.PENGINGAT, P.WARGA, KANAL.TELEPON): True})

    assert baku == [siap]
    assert daftar() == [pengingat]


def test_pin_and_its_announcement_are_one_row_and_the_code_is_never_read_out(operator):
    satu = factories.buat_permintaan_pin()
    permintaan.terbitkan(satu, orang=factories.buat_penduduk(), oleh=operator, pada=lalu(60))
    Notifikasi.objects.filter(permintaan=satu).update(keadaan=K.GAGAL)

    (baris,) = daftar()
    assert baris.pesan == "pin"
    for teks in (panggilan.ucapan(baris), panggilan.tulisan(baris)):
        assert "slip PIN" in teks and "{{" not in teks
    assert panggilan.sudah_dihubungi(baris, oleh=operator, pada=timezone.now())
    assert daftar() == []


# --- What is said -----------------------------------------------------------------------------


def test_words_are_those_of_the_message_in_the_wording_in_use(langkah, django_assert_num_queries):
    baris = langkah("diproses")
    asli = panggilan.ucapan(baris)
    TemplatWA.objects.create(
        pesan="diproses",
        versi=1,
        kata="Om Swastyastu. Nomor {{nomor}} kami proses.",
        nama="diproses_v1",
        sid="HX1",
        keadaan=TemplatWA.Keadaan.DISETUJUI,
        dibuat_pada=timezone.now(),
    )

    assert asli.startswith(
        "Kabar permohonan Surat Uji nomor P-2026-0001: surat yang Anda mohon sedang diproses"
    )
    assert panggilan.ucapan(baris) == "Om Swastyastu. Nomor P-2026-0001 kami proses."
    with django_assert_num_queries(1):
        terpakai = panggilan.kata.terpakai()
        assert panggilan.tulisan(baris, terpakai) == panggilan.ucapan(baris, terpakai)


@pytest.mark.parametrize("pesan", ["pin_terbit", "pin_ganti", "nomor_ganti", "akun_dijaga"])
def test_account_events_are_asked_about_without_link_or_code_word(pesan):
    baris = Notifikasi(pesan=pesan, variabel=["situs/bukan-saya/x"])

    for teks in (panggilan.ucapan(baris), panggilan.tulisan(baris)):
        assert "bukan-saya" not in teks and "BUKA" not in teks.upper().replace("BUKAKAN", "")


# --- Told, not reached, tried again -----------------------------------------------------------


def test_told_resident_leaves_the_list_with_everything_earlier_of_the_request(
    langkah, lain, operator
):
    lama = langkah("diproses", menit=120)
    baris = langkah("menunggu_ttd", menit=60)
    asing = langkah("diproses", menit=60, permohonan=lain)
    baru = langkah("siap_diambil", menit=1)

    assert panggilan.sudah_dihubungi(
        baris, oleh=operator, pada=timezone.now(), catatan="  Anaknya yang menjawab. "
    )

    for satu in (segar(lama), segar(baris)):
        assert (satu.ditangani_cara, satu.ditangani_oleh) == (Cara.TELEPON, operator)
        assert satu.ditangani_catatan == "Anaknya yang menjawab."
    assert segar(baru).ditangani_pada is None, "of that the resident knows nothing yet"
    assert daftar() == [asing]
    assert set(daftar(timezone.now() + timedelta(minutes=30))) == {asing, baru}


def test_second_operator_does_not_take_the_first_ones_place(langkah, operator):
    baris = langkah("diproses")
    kedua = factories.buat_operator("kedua")

    assert panggilan.sudah_dihubungi(baris, oleh=operator, pada=timezone.now())
    assert not panggilan.sudah_dihubungi(baris, oleh=kedua, pada=timezone.now())
    assert not panggilan.tidak_diangkat(baris, pada=timezone.now())
    assert (segar(baris).ditangani_oleh, segar(baris).hubungi_kali) == (operator, 0)


@pytest.mark.django_db(transaction=True)
def test_two_operators_at_the_same_moment_are_first_and_second(langkah, operator):
    baris = langkah("diproses")
    petugas = [operator, factories.buat_operator("kedua")]

    hasil = serentak.jalankan(
        lambda oleh: panggilan.sudah_dihubungi(baris, oleh=oleh, pada=timezone.now()), petugas
    )

    assert sorted(hasil) == [False, True]
    assert segar(baris).ditangani_oleh == petugas[hasil.index(True)]


def test_message_that_arrived_meanwhile_needs_no_call(langkah, operator):
    baris = langkah("diproses")
    Notifikasi.objects.filter(pk=baris.pk).update(keadaan=K.SAMPAI)

    assert not panggilan.sudah_dihubungi(baris, oleh=operator, pada=timezone.now())
    assert segar(baris).ditangani_cara == ""


def test_unanswered_call_comes_back_in_two_hours_also_with_later_news(langkah):
    lama = langkah("diproses", menit=60)
    pada = timezone.now()

    assert panggilan.tidak_diangkat(lama, pada=pada)
    baru = langkah("menunggu_ttd", menit=59)

    assert daftar(pada + timedelta(hours=1, minutes=59)) == []
    (satu,) = daftar(pada + timedelta(hours=2))
    assert (satu, satu.kali) == (baru, 1)


def test_failed_message_is_tried_once_more_and_waits_for_its_outcome(langkah):
    lama = langkah("diproses", menit=120)
    baris = langkah("menunggu_ttd", menit=60, percobaan=3, kode_galat="63049")

    assert panggilan.kirim_lagi(baris, pada=timezone.now())

    kini = segar(baris)
    assert (kini.keadaan, kini.percobaan, kini.kode_galat) == (K.MENUNGGU, 0, "")
    assert daftar() == [], "the earlier one is not read out while the later one is on its way"
    assert daftar(timezone.now() + timedelta(minutes=31)) == [lama]


@pytest.mark.parametrize(
    ("keadaan", "berhenti", "kabari", "bisa"),
    [
        (K.GAGAL, False, True, True),
        (K.PERLU_DICEK, False, True, True),
        (K.TANPA_WA, False, True, False),
        (K.SAMPAI, False, True, False),
        (K.GAGAL, True, True, False),
        (K.GAGAL, False, False, False),
    ],
)
def test_only_failures_are_tried_again_and_never_against_the_resident(
    langkah, permohonan_ringan, keadaan, berhenti, kabari, bisa
):
    baris = langkah("diproses", keadaan)
    Permohonan.objects.update(kabari_wa=kabari)
    if berhenti:
        NomorWA.objects.create(nomor_hp=baris.nomor_hp, berhenti_pada=lalu(5))
    baris = segar(baris)

    assert (panggilan.halangan_kirim_lagi([baris])[baris.pk] == "") is bisa
    assert panggilan.kirim_lagi(baris, pada=timezone.now()) is bisa
    assert segar(baris).keadaan == (K.MENUNGGU if bisa else keadaan)


def test_pin_is_tried_again_as_the_request_for_it_allows(operator):
    satu = factories.buat_permintaan_pin()
    baris = permintaan.terbitkan(
        satu, orang=factories.buat_penduduk(), oleh=operator, pada=lalu(60)
    )

    assert not panggilan.kirim_lagi(segar(baris), pada=timezone.now()), "still waiting to go out"
    Notifikasi.objects.filter(pk=baris.pk).update(keadaan=K.GAGAL)
    assert panggilan.kirim_lagi(segar(baris), pada=timezone.now())
    assert segar(baris).keadaan == K.MENUNGGU


@pytest.mark.parametrize(
    ("nomor", "kode", "boleh"),
    [
        ("+6281234567890", "63024", True),
        ("+6281234567890", "TOLAK", True),
        ("+6281234567890", "BERHENTI", False),
        ("+6281234567890", "21610", False),
        ("+6281234567890", "63014", False),
        ("", "KOSONG", False),
    ],
)
def test_nobody_is_written_to_in_person_after_saying_stop(nomor, kode, boleh):
    assert panggilan.boleh_ditulisi(Notifikasi(nomor_hp=nomor, kode_galat=kode)) is boleh


# --- What settles by itself -------------------------------------------------------------------


@pytest.mark.parametrize("keadaan", [K.SAMPAI, K.DIBACA])
def test_later_message_that_arrived_settles_the_earlier_ones(langkah, lain, keadaan):
    lama = langkah("diproses", menit=120)
    asing = langkah("diproses", menit=120, permohonan=lain)
    langkah("menunggu_ttd", keadaan, menit=1)

    assert bereskan() == 1
    assert segar(lama).ditangani_cara == Cara.SUSULAN
    assert daftar() == [asing]


@pytest.mark.parametrize("keadaan", [K.TERKIRIM, K.GAGAL, K.BATAL])
def test_later_message_that_did_not_arrive_settles_nothing(langkah, keadaan):
    langkah("diproses", menit=120)
    langkah("menunggu_ttd", keadaan, menit=1)

    assert bereskan() == 0


def test_earlier_message_that_arrived_settles_nothing(langkah):
    langkah("diproses", K.SAMPAI, menit=120)
    gagal = langkah("menunggu_ttd", menit=60)

    assert bereskan() == 0
    assert daftar() == [gagal]


def test_reminder_that_arrived_settles_what_it_repeats(langkah, permohonan_ringan):
    siap = langkah("siap_diambil", menit=60)
    _pengingat(permohonan_ringan, K.SAMPAI)

    assert bereskan() == 1
    assert segar(siap).ditangani_cara == Cara.SUSULAN


def test_cancelled_request_is_called_about_no_more(warga, langkah):
    Permohonan.objects.update(nomor="P-1999-0001")
    permohonan = factories.buat_permohonan(warga)
    Notifikasi.objects.all().delete()
    baris = langkah("diterima", permohonan=permohonan)
    alur.jalankan(permohonan, "batalkan", oleh=warga, pada=timezone.now())

    assert bereskan() == 1
    assert segar(baris).ditangani_cara == Cara.SELESAI


def test_handed_over_letter_settles_all_but_what_guards_it(warga, operator, perbekel, langkah):
    Permohonan.objects.update(nomor="P-1999-0001")
    permohonan = factories.buat_permohonan(warga)
    factories.jalankan_sampai(permohonan, "SELESAI", operator=operator, perbekel=perbekel)
    Notifikasi.objects.all().delete()
    siap = langkah("siap_diambil", permohonan=permohonan)
    pengingat = _pengingat(permohonan)
    tetap = {langkah(kode, permohonan=permohonan) for kode in ("diserahkan", "surat_dicabut")}

    assert bereskan() == 2
    assert {segar(siap).ditangani_cara, segar(pengingat).ditangani_cara} == {Cara.SELESAI}
    assert set(panggilan.belum_tersampaikan()) == tetap


def test_who_stood_at_the_counter_knows_that_the_request_was_filed(langkah, operator, warga):
    di_loket = langkah("diterima", K.TANPA_WA, langkah=L.AJUKAN, oleh=operator, menit=90)
    langkah("diproses", K.TANPA_WA, oleh=operator)

    assert bereskan() == 1
    assert segar(di_loket).ditangani_cara == Cara.LANGSUNG


def test_settled_also_where_the_village_does_not_call(langkah):
    """Switching the telephone on again must not bring back the matters of last year."""
    aturan.ubah({(L.PROSES, P.WARGA, KANAL.TELEPON): False})
    lama = langkah("diproses", menit=120, langkah=L.PROSES)
    langkah("menunggu_ttd", K.SAMPAI, menit=1)

    assert bereskan() == 1
    assert segar(lama).ditangani_cara == Cara.SUSULAN


def test_owner_who_has_logged_in_since_needs_no_pin_by_telephone(operator):
    orang = factories.buat_penduduk()
    satu = factories.buat_permintaan_pin()
    permintaan.terbitkan(satu, orang=orang, oleh=operator, pada=lalu(60))
    Notifikasi.objects.filter(permintaan=satu).update(keadaan=K.GAGAL)
    Akun.objects.filter(penduduk=orang).update(last_login=lalu(90))
    assert bereskan() == 0

    Akun.objects.filter(penduduk=orang).update(last_login=lalu(10))

    assert bereskan() == 2
    assert daftar() == []


def test_new_photos_settle_the_message_that_asked_for_them():
    satu = factories.buat_permintaan_pin()
    permintaan.minta_foto_ulang(satu, alasan="Buram", pada=lalu(60))
    Notifikasi.objects.filter(permintaan=satu).update(keadaan=K.GAGAL)
    assert bereskan() == 0 and len(daftar()) == 1

    permintaan.lengkapi(satu, pada=timezone.now())

    assert bereskan() == 1
    assert daftar() == []


def test_worker_settles_every_minute(langkah):
    from bugbug.celery import app

    langkah("diproses", menit=120)
    langkah("menunggu_ttd", K.SAMPAI, menit=1)
    jadwal = app.conf.beat_schedule["panggilan"]

    app.tasks[jadwal["task"]]()

    assert jadwal["schedule"] == 60
    assert not panggilan.belum_tersampaikan().exists()


# --- Read on the site -------------------------------------------------------------------------


@pytest.fixture
def gagal(warga) -> Notifikasi:
    """A request of `warga` whose message did not arrive, an hour ago."""
    permohonan = ajukan.dari_draf(factories.buat_draf(warga), oleh=warga, pada=lalu(60))
    Notifikasi.objects.filter(penerima__isnull=True).update(keadaan=K.GAGAL)
    return Notifikasi.objects.get(riwayat__permohonan=permohonan, penerima__isnull=True)


def _alamat(baris: Notifikasi) -> str:
    return f"/layanan/permohonan/{baris.riwayat.permohonan.nomor}/"


def test_resident_who_opens_the_request_is_told(warga, gagal):
    assert daftar() == [gagal]

    sebagai(warga).get(_alamat(gagal))

    assert segar(gagal).ditangani_cara == Cara.SITUS
    assert daftar() == []


def test_nobody_else_and_no_other_page_counts(warga, tetangga, operator, gagal):
    alamat = _alamat(gagal)
    for siapa in (None, tetangga, operator):
        sebagai(siapa).get(alamat)
    hp = sebagai(warga)
    hp.get("/layanan/")
    hp.head(alamat)
    hp.get(alamat, headers={"Sec-Purpose": "prefetch"})
    hp.get(alamat, headers={"Purpose": "prefetch"})
    hp.post(f"{alamat}wakil/", {"wakil_jenis": "WAKIL"})  # refused: the page comes again

    assert segar(gagal).ditangani_pada is None
    assert daftar() == [gagal]


def test_step_taken_while_the_page_was_drawn_is_not_seen(gagal):
    dibaca = Permohonan.objects.get(pk=gagal.riwayat.permohonan_id)
    alur.jalankan(
        Permohonan.objects.get(pk=dibaca.pk),
        "proses",
        oleh=factories.buat_operator(),
        pada=timezone.now(),
    )

    panggilan.dilihat_di_situs(dibaca, pada=timezone.now())

    cara = dict(Notifikasi.objects.filter(penerima=None).values_list("pesan", "ditangani_cara"))
    assert cara == {"diterima": Cara.SITUS, "diproses": ""}


def test_look_at_a_settled_request_writes_nothing(warga, gagal, django_assert_num_queries):
    sebagai(warga).get(_alamat(gagal))
    permohonan = Permohonan.objects.get(pk=gagal.riwayat.permohonan_id)

    with django_assert_num_queries(2):  # which, and what of them
        panggilan.dilihat_di_situs(permohonan, pada=timezone.now())


def test_withdrawn_consent_is_no_reason_to_forget_the_resident(warga, gagal):
    """BERHENTI by WhatsApp: from then on the office calls."""
    permohonan = Permohonan.objects.get(pk=gagal.riwayat.permohonan_id)
    persetujuan.berhenti(warga.nomor_hp, pada=timezone.now())
    permohonan.refresh_from_db()
    alur.jalankan(permohonan, "proses", oleh=factories.buat_operator(), pada=timezone.now())

    (satu,) = daftar(timezone.now() + timedelta(minutes=31))
    assert (satu.pesan, satu.keadaan, satu.kode_galat) == ("diproses", K.TANPA_WA, "TOLAK")
    assert PersetujuanWA.objects.latest("pk").setuju is False
