"""The demo village: complete, always the same, with logins that work, never beside real data."""

import io
import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from layanan import contoh, tasks
from layanan.contoh import data, permohonan
from layanan.contoh.data import KISAH, MENIT_LANGKAH
from layanan.kabar import panggilan
from layanan.kesehatan import keadaan
from layanan.kotak_keluar import notifikasi, pengiriman
from layanan.minta_pin import cocokan, permintaan
from layanan.models import Berkas, Notifikasi, PermintaanPIN, Permohonan
from layanan.permohonan import alur, pembersihan
from penduduk import desa as desa_
from penduduk.akun import pin
from penduduk.identitas import nik, telepon
from penduduk.models import Akun, Banjar, Keluarga, Penduduk
from simulator import atur
from surat.models import Cetakan, JenisSurat, Pejabat, Surat, TataNaskah
from tests import factories

pytestmark = pytest.mark.sekali

S = Permohonan.Status
WITA = ZoneInfo("Asia/Makassar")


@pytest.fixture(autouse=True)
def _tanpa_pembersih(monkeypatch):
    """The cleaner starts a process for each picture; one picture is cleaned below."""
    monkeypatch.setattr("layanan.permohonan.berkas.bersihkan_yang_menunggu", lambda: 0)


def jalankan(*args: str) -> str:
    keluar = io.StringIO()
    call_command("contoh", *args, stdout=keluar)
    return keluar.getvalue()


def potret() -> dict[str, list]:
    """Every row of the three rooms."""
    return {
        model._meta.label: list(model.objects.order_by("pk").values())
        for room in ("penduduk", "surat", "layanan")
        for model in apps.get_app_config(room).get_models()
    }


@pytest.mark.kertas
@pytest.mark.lambat
def test_the_village_is_complete(db, tmp_path):
    hasil = contoh.muat(pada=timezone.now())

    assert hasil.baru
    assert hasil.penduduk == Penduduk.objects.count() >= 300
    _periksa_register()
    _periksa_kantor()
    _periksa_permintaan_pin()
    _periksa_permohonan()
    _periksa_berkas()
    tasks.cetak_surat()  # the worker takes the one that waits for its PDF
    assert not Permohonan.objects.filter(status=S.DICETAK).exists()
    assert pengiriman.kirim_yang_menunggu() >= len(KISAH)
    assert not Notifikasi.objects.filter(keadaan__in=Notifikasi.MASALAH).exists()
    salah = {b.nama for b in keadaan.periksa(pada=timezone.now()) if not b.baik}
    assert salah == {"pekerja", "penjadwal"}  # none runs here; nothing else frightens a newcomer
    dipanggil = {baris.kode_galat for baris in panggilan.daftar(pada=timezone.now())}
    assert dipanggil == {"TOLAK", "TANPAWA"}


def _periksa_register() -> None:
    semua = list(Penduduk.objects.select_related("keluarga__banjar"))
    ber_nik = [o for o in semua if o.nik]
    assert 0 < len(semua) - len(ber_nik) < 5
    peringatan = 0
    for orang in ber_nik:
        assert nik.periksa(orang.nik) == orang.nik
        assert orang.nik.startswith("510704") and orang.nik[12:14] == "99"
        peringatan += bool(
            nik.peringatan(
                orang.nik, tanggal_lahir=orang.tanggal_lahir, jenis_kelamin=orang.jenis_kelamin
            )
        )
    assert peringatan == 2
    assert {o.status_dasar for o in semua} == {1, 2, 3}  # alive, dead, moved away
    assert any(" " not in o.nama for o in semua)
    assert all("CONTOH" in o.keluarga.alamat for o in semua)
    assert all(no_kk[12:14] == "99" for no_kk in Keluarga.objects.values_list("no_kk", flat=True))
    banjar = list(Banjar.objects.all())
    assert [b.nama for b in banjar] == [f"CONTOH {n}" for n in range(1, 13)]
    assert all(b.keluarga.exists() for b in banjar)
    for kepala in (o for o in semua if o.shdk == data.KEPALA):
        anak = [o for o in semua if o.keluarga_id == kepala.keluarga_id and o.shdk == data.ANAK]
        assert all((a.tanggal_lahir - kepala.tanggal_lahir).days > 17 * 365 for a in anak)


def _periksa_permintaan_pin() -> None:
    """One that fits the register and one that nearly does, with photos that can be looked at."""
    semua = PermintaanPIN.objects.order_by("asal")
    assert [(p.asal, p.keadaan) for p in semua] == [("SITUS", "MENUNGGU"), ("WA", "MENUNGGU")]
    for satu in semua:
        assert [b.dokumen for b in permintaan.foto(satu)] == ["ktp", "kk"]
        assert cocokan.calon(satu)
    (situs, _) = semua
    assert [sama for *_, sama in cocokan.calon(situs)[0].beda] == [True, True, False]


def _periksa_kantor() -> None:
    desa = desa_.ambil()
    assert desa.contoh
    assert "CONTOH" in desa.alamat_kantor and "CONTOH" in desa.telepon
    assert desa.nomor_wa == ""  # nobody may send a KTP-el to an invented number
    tata = TataNaskah.objects.get()
    assert (tata.kop_3, tata.aksara_3) == ("DESA BUGBUG", "ᬤᬾᬲ ᬩᬸᬕ᭄ᬩᬸᬕ᭄")
    assert tata.aksara_1 and tata.aksara_2
    assert tata.aksara_diperiksa == ""  # proposals; nobody may think that they are checked
    assert tata.lambang is not None
    assert all("CONTOH" in p.nama for p in Pejabat.objects.all())
    assert Pejabat.objects.filter(mengantar=True).count() == 2
    nomor = Akun.objects.exclude(nomor_hp="").values_list("nomor_hp", flat=True)
    assert all(telepon.rapikan(n) == n for n in nomor)
    assert len(notifikasi.petugas_yang_dikabari("proses_permohonan")) == 2
    assert not Akun.objects.filter(is_superuser=True).exists()


def _periksa_permohonan() -> None:
    status = list(Permohonan.objects.values_list("status", flat=True))
    jumlah = {s.value: status.count(s) for s in S}
    assert jumlah == {
        S.DIAJUKAN: 6,
        S.DIPROSES: 3,
        S.PERLU_PERBAIKAN: 1,
        S.DICETAK: 1,
        S.MENUNGGU_TTD: 4,
        S.SIAP_DIAMBIL: 2,
        S.SELESAI: 3,
        S.DITOLAK: 1,
        S.DIBATALKAN: 1,
    }
    assert JenisSurat.objects.count() == 52
    assert Permohonan.objects.values("jenis").distinct().count() == 8
    for satu in Permohonan.objects.prefetch_related("riwayat"):
        riwayat = list(satu.riwayat.all())
        assert riwayat[0].langkah == "ajukan" and riwayat[-1].ke == satu.status
        assert [r.pada for r in riwayat] == sorted(r.pada for r in riwayat)
        assert riwayat[-1].pada <= timezone.now()
        assert satu.lampiran.filter(ditambah_pada=satu.diajukan_pada).count() >= 2
    surat = list(Surat.objects.order_by("urut"))
    assert [s.urut for s in surat] == list(range(1, len(surat) + 1))
    assert [s.tanggal for s in surat] == sorted(s.tanggal for s in surat)
    assert all(s.data["contoh"] for s in surat)
    assert Surat.objects.filter(batal_pada__isnull=False).count() == 1
    assert Cetakan.objects.filter(keadaan="MENUNGGU").get().surat.tanggal == surat[-1].tanggal
    for cetakan in Cetakan.objects.filter(keadaan="SELESAI"):
        assert default_storage.size(cetakan.berkas) == cetakan.ukuran > 1000


def _periksa_berkas() -> None:
    for dokumen in ("ktp", "kk"):
        semua = Berkas.objects.filter(dokumen=dokumen, permintaan=None)
        assert len({b.pemilik_id for b in semua}) == len(semua) == 10  # used again, not doubled
    hasil = pembersihan.jalankan(semua[0], semua[0].mentah)
    assert hasil.jenis == "image/jpeg" and len(hasil.isi) > 5000


def test_running_again_changes_nothing(db):
    pertama = jalankan()
    sebelum = potret()

    kedua = jalankan()

    assert potret() == sebelum
    assert "321 penduduk rekaan" in pertama and "321" not in kedua
    for teks in ("CONTOH", "5107041705849901", "835172", "operator2", "/kelola/", "/meja/"):
        assert teks in kedua


def test_json_holds_logins_that_work_and_stay_working(db):
    login = json.loads(jalankan("--json"))

    assert json.loads(jalankan("--json")) == login
    assert len(login["warga"]) >= 5 and len(login["warga_pin_awal"]) == 2
    _periksa_bisa_masuk(login)

    # Used and replaced, forgotten, blocked: the next run makes the published logins good again.
    sekarang = timezone.now()
    satu, dua, tiga = (
        Akun.objects.get(penduduk__nik=w["nik"])
        for w in (*login["warga_pin_awal"], login["warga"][0])
    )
    pin.ganti(satu, "704913", pada=timezone.now())
    Akun.objects.filter(pk=dua.pk).update(pin_berlaku_sampai=sekarang - timedelta(hours=1))
    pin.terbitkan(tiga.penduduk, pada=sekarang)
    operator = Akun.objects.get(username="operator")
    operator.set_password("lupa-lupa-lupa")
    operator.save()
    Akun.objects.filter(username="perbekel").update(is_active=False)

    assert json.loads(jalankan("--json")) == login
    _periksa_bisa_masuk(login)
    perbekel = Akun.objects.get(username="perbekel")
    for satu in Permohonan.objects.filter(status=S.MENUNGGU_TTD):
        alur.jalankan(satu, "tandatangani", oleh=perbekel, pada=timezone.now())


def _periksa_bisa_masuk(login: dict) -> None:
    panjang = Akun._meta.get_field("password").max_length
    assert all(len(akun.password) <= panjang for akun in Akun.objects.all())
    for warga in (*login["warga"], *login["warga_pin_awal"]):
        akun = authenticate(nik=warga["nik"], password=warga["pin"])
        assert akun is not None, warga
        assert akun.penduduk.nama == warga["nama"]
        assert akun.wajib_ganti_pin == (warga in login["warga_pin_awal"])
        pin.periksa_kekuatan(
            warga["pin"], nik=warga["nik"], tanggal_lahir=akun.penduduk.tanggal_lahir
        )
    izin = {
        "operator": "layanan.proses_permohonan",
        "operator2": "layanan.proses_permohonan",
        "perbekel": "layanan.tandatangani_surat",
        "sekdes": "layanan.tandatangani_surat",
        "admin": "penduduk.change_desa",
    }
    assert set(login) == {"warga", "warga_pin_awal", *izin}
    for username, perlu in izin.items():
        akun = authenticate(**login[username])
        assert akun is not None and akun.username == username
        assert akun.has_perm(perlu)
        validate_password(login[username]["password"], akun)


@pytest.mark.parametrize(
    "saat",
    [
        datetime(2027, 1, 1, 0, 5, tzinfo=WITA),
        datetime(2026, 11, 22, 23, 50, tzinfo=WITA),  # Sunday
        datetime(2026, 11, 23, 0, 5, tzinfo=WITA),  # Monday
        datetime(2026, 11, 25, 7, 30, tzinfo=WITA),
    ],
)
def test_no_step_lies_in_the_future_whenever_the_demo_is_loaded(saat):
    for kisah in KISAH:
        mulai = permohonan._diajukan(kisah, pada=saat)
        akhir = mulai + timedelta(minutes=max((MENIT_LANGKAH[x] for x in kisah.langkah), default=0))
        assert mulai > saat - timedelta(days=12) and akhir < saat
        menit = [MENIT_LANGKAH[x] for x in kisah.langkah]
        assert menit == sorted(menit)
        if kisah.hari:
            assert mulai.weekday() < 5 and mulai.date() == akhir.date()


def _harus_ditolak(sebab: str) -> None:
    sebelum = potret()
    with pytest.raises(CommandError, match=sebab):
        jalankan("--json")
    assert potret() == sebelum


@pytest.mark.django_db
def test_village_of_the_demo_has_the_number_of_the_simulator(settings):
    """Also a demo that was loaded before, without it; and never another one."""
    desa = desa_.ambil()
    settings.SIMULATOR_WA_URL = "http://127.0.0.1:1/"
    settings.TWILIO = settings.TWILIO | {"from": atur.PENGIRIM}

    contoh.isi_nomor_wa()
    desa.refresh_from_db()
    assert desa.nomor_wa == "0811-0000-000"

    settings.TWILIO = settings.TWILIO | {"from": "whatsapp:+628220000000"}
    contoh.isi_nomor_wa()
    desa.refresh_from_db()
    assert desa.nomor_wa == "0811-0000-000"


def test_never_in_production(db, settings):
    settings.PRODUKSI = True

    _harus_ditolak("tidak dapat dimuat di produksi")


def test_never_beside_real_residents(db):
    desa_.ambil()
    factories.buat_penduduk()

    _harus_ditolak("sudah berisi penduduk")


def test_never_over_a_real_account(db):
    desa_.ambil()
    Akun.objects.create_user("admin", "sandi sungguhan", nama="Admin")

    _harus_ditolak("“admin” sudah dipakai")


def test_never_with_the_real_whatsapp(db, settings):
    desa_.ambil()
    settings.TWILIO = settings.TWILIO | {"account_sid": "AC" + "0" * 32, "base_url": ""}

    _harus_ditolak("Twilio aktif")


def test_a_village_wrongly_marked_as_demo_is_left_alone(db):
    desa = desa_.ambil()
    desa.contoh = True
    desa.save()
    factories.buat_penduduk()

    _harus_ditolak("tidak lengkap")
