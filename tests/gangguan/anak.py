"""What needs Django, for tests.proses.Anak."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any


def siapkan() -> None:
    """One type of letter, one operator."""
    from layanan import peran
    from layanan.models import PengaturanPesan
    from penduduk.models import Akun, Keluarga, Penduduk
    from surat.models import JenisSurat

    PengaturanPesan.objects.create(pk=1, plafon_sehari=None)  # a year's messages in a minute
    JenisSurat.objects.create(kode="uji", nama="Surat Uji", klasifikasi="400")
    keluarga = Keluarga.objects.create(no_kk="5107040101990001", alamat="Contoh")
    Penduduk.objects.create(
        nik="5107041203909901", nama="I Wayan Contoh", jenis_kelamin=1, shdk=1, keluarga=keluarga
    )
    akun = Akun.objects.create_user("operator", nama="Operator Contoh")
    akun.groups.set(peran.Group.objects.filter(name=peran.OPERATOR))


def permohonan(jumlah: int, awal: int = 0) -> dict[str, Any]:
    """So many requests that wait, each with a number of its own."""
    from django.utils import timezone

    from layanan.models import Permohonan
    from penduduk.models import Penduduk
    from surat.models import JenisSurat

    kini, orang, jenis = timezone.now(), Penduduk.objects.get(), JenisSurat.objects.get()
    Permohonan.objects.bulk_create(
        Permohonan(
            nomor=f"P-2026-{n:06}",
            kode_resi=f"R{n:08}",
            pemohon=orang,
            jenis=jenis,
            nomor_hp=f"+62812{70000000 + n}",
            status=Permohonan.Status.DIAJUKAN,
            diajukan_pada=kini,
            diperbarui_pada=kini,
            janji_pada=kini + timedelta(days=3),
        )
        for n in range(awal + 1, awal + jumlah + 1)
    )
    return {}


def langkah(per_detik: float, utas: int = 3) -> dict[str, Any]:
    """Take the step `proses` of every waiting request, so many in a second; how late the last
    one came, and how long one took."""
    from django.db import close_old_connections, connections
    from django.utils import timezone

    from layanan import tasks
    from layanan.models import Permohonan
    from layanan.permohonan import alur
    from penduduk.antrean import bangunkan
    from penduduk.models import Akun

    operator = Akun.objects.get(username="operator")
    semua = list(Permohonan.objects.filter(status="DIAJUKAN").order_by("pk"))
    awal = time.monotonic()
    lama: list[float] = []

    def satu(ke: int) -> float:
        jatuh = awal + ke / per_detik
        time.sleep(max(0.0, jatuh - time.monotonic()))
        mulai = time.monotonic()
        alur.jalankan(semua[ke], "proses", oleh=operator, pada=timezone.now())
        bangunkan(tasks.kirim_pesan)
        close_old_connections()
        lama.append(time.monotonic() - mulai)
        return time.monotonic() - jatuh

    with ThreadPoolExecutor(utas) as kolam:
        telat = list(kolam.map(satu, range(len(semua))))
    connections.close_all()
    lama.sort()
    return {
        "jumlah": len(semua),
        "detik": time.monotonic() - awal,
        "telat_maks": max(telat),
        "langkah_ms_p50": lama[len(lama) // 2] * 1000,
        "langkah_ms_p95": lama[int(len(lama) * 0.95)] * 1000,
    }


def lewat(jam: float) -> dict[str, int]:
    """Let time pass for the rows: pauses and questions are due now; `jam`: and all of it lies so
    many hours further back. Leases keep their real time. How many still wait for something."""
    from django.db.models import F
    from django.utils import timezone

    from layanan import tasks
    from layanan.models import KeadaanSaluran, Notifikasi

    kini = timezone.now()
    KeadaanSaluran.objects.filter(keadaan="BERHENTI").update(coba_pada=kini)
    Notifikasi.objects.filter(keadaan="SEMENTARA").update(ambil_lagi_pada=kini)
    Notifikasi.objects.filter(tanya_pada__isnull=False).update(tanya_pada=kini)
    if jam:
        mundur = timedelta(hours=jam)
        kolom = ("dibuat_pada", "dikirim_pada", "berubah_pada")
        Notifikasi.objects.update(**{satu: F(satu) - mundur for satu in kolom})
    tasks.tanyakan_pesan.apply_async()
    tasks.kirim_pesan.apply_async()
    return {
        "antre": Notifikasi.objects.antre().count(),
        "di_penyedia": Notifikasi.objects.filter(keadaan__in=Notifikasi.DI_PENYEDIA).count(),
    }


def reda(jam: float, detik: float) -> None:
    """Let `jam` hours pass, and then time go on until nothing waits any more or `detik` are over:
    what is left then is counted as lost."""
    batas, sama, lama = time.monotonic() + detik, 0, None
    while time.monotonic() < batas:
        sisa = lewat(jam)
        jam = 0.0
        sama, lama = (sama + 1 if sisa == lama else 0), sisa
        if not sisa["antre"] and (not sisa["di_penyedia"] or sama >= 3):
            return  # three times the same: only receipts that will never come
        time.sleep(2)


def tunggu(detik: float) -> int:
    """Until every message is with the provider; how many are not after so many seconds."""
    from layanan.models import Notifikasi

    antre = Notifikasi.objects.antre()
    _sampai(lambda: not antre.exists(), detik)
    return antre.count()


def saluran_berhenti(detik: float) -> int:
    """Until the channel has stopped; 0 when it has."""
    from layanan.kotak_keluar import saluran

    return _sampai(lambda: bool(saluran.kini().berhenti), detik)


def coba_saluran(detik: float) -> int:
    """Somebody presses "Coba sekarang" until the channel runs again; 0 when it does."""
    from django.utils import timezone

    from layanan import tasks
    from layanan.kotak_keluar import saluran

    def jalan() -> bool:
        if not saluran.kini().berhenti:
            return True
        saluran.coba_sekarang(pada=timezone.now())
        tasks.kirim_pesan.apply_async()
        return False

    return _sampai(jalan, detik, jeda=1.5)


def tunggu_denyut(detik: float) -> int:
    """Until a worker has given its heartbeat; 0 when it has."""
    from layanan.models import Denyut

    return _sampai(Denyut.objects.exists, detik)


def _sampai(syarat: Callable[[], bool], detik: float, *, jeda: float = 0.2) -> int:
    """Until `syarat()`; 0 when it came true within so many seconds."""
    batas = time.monotonic() + detik
    while not (ada := syarat()) and time.monotonic() < batas:
        time.sleep(jeda)
    return int(not ada)


def hitung() -> dict[str, Any]:
    """Every message of a step, as the rows have it."""
    from django.utils import timezone

    from layanan.kabar import panggilan
    from layanan.models import Notifikasi, Riwayat

    # The list shows a failure half an hour later; some were found out only a moment ago.
    nanti = timezone.now() + panggilan.TUNDA
    di_daftar = set(panggilan.daftar(pada=nanti).values_list("pk", flat=True))
    baris = Notifikasi.objects.untuk_warga().select_related("riwayat")
    return {
        "langkah": Riwayat.objects.filter(langkah="proses").count(),
        "pesan": [
            {
                "pk": n.pk,
                "nomor": n.nomor_hp,
                "keadaan": n.keadaan,
                "kode": n.kode_galat,
                "percobaan": n.percobaan,
                "ditanya": n.ditanya,
                "sid": n.sid,
                "dihubungi": n.pk in di_daftar,
                "detik": (n.dikirim_pada - n.riwayat.pada).total_seconds()
                if n.dikirim_pada and n.riwayat
                else None,
            }
            for n in baris.order_by("pk").iterator()
        ],
    }
