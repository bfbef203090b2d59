"""What needs Django, for tests.proses.Anak."""

import hashlib
import json
import os
import random
import threading
import time
import traceback
from collections.abc import Callable
from copy import copy
from itertools import count
from pathlib import Path
from typing import Any

_JURNAL = Path(os.environ.get("PULIH_JURNAL", "/dev/null"))


def catat(apa: str, nilai: str = "") -> None:
    """One line of the journal, whole or not at all; called after the commit."""
    baris = json.dumps({"pada": time.time(), "apa": apa, "nilai": nilai}) + "\n"
    with _JURNAL.open("ab", buffering=0) as jurnal:
        jurnal.write(baris.encode())


def _siapkan() -> None:
    """A kind of letter, a clerk, a signer, unless they are there."""
    from penduduk.models import Akun
    from tests import factories

    if Akun.objects.exists():
        return
    factories.jenis("usaha")
    factories.buat_operator(nomor_hp="")
    factories.buat_perbekel()


def _petugas() -> dict[str, Any]:
    from penduduk.models import Akun

    return {nama: Akun.objects.get(username=nama) for nama in ("operator", "perbekel")}


def _warga(n: int) -> Any:
    from tests import factories

    factories._urut = count(n * 10)  # type: ignore[assignment]
    akun = factories.buat_warga(nama="I Wayan Contoh")
    akun.nomor_hp = f"+62812{70000000 + n}"
    akun.save()
    return akun


_nomor = count(100)
_satu = threading.Lock()


def _permohonan() -> Any:
    """A new resident with a new request, its paper photographed."""
    from tests import factories

    with _satu:  # the factory counts
        return factories.buat_permohonan(_warga(next(_nomor)), "usaha")


def isi(jumlah: int) -> dict[str, Any]:
    """So many finished requests with letter and files: one that has walked all the way, and copies
    of it that have a file of their own each."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage
    from django.db import transaction

    from layanan.models import Berkas, Lampiran, Permohonan
    from surat.models import BukuNomor, Cetakan, EntriBuku, Surat
    from tests import factories

    global _nomor
    _siapkan()
    _nomor = count(50)
    asal = factories.jalankan_sampai(_permohonan(), "SELESAI", **_petugas())
    from layanan import tasks

    tasks.periksa_berkas()
    cetakan, surat = Cetakan.objects.get(surat=asal.surat), Surat.objects.get(pk=asal.surat_id)
    pdf = default_storage.open(cetakan.berkas).read()
    lampiran = list(Lampiran.objects.filter(permohonan=asal).select_related("berkas"))
    foto = random.Random(1).randbytes(200_000)
    catat("salin", str(len(lampiran)))
    with transaction.atomic():
        for n in range(2, jumlah + 1):
            agenda = EntriBuku.objects.create(
                buku="AGENDA", tahun=surat.buku.tahun, urut=n, hari=surat.tanggal
            )
            satu, lembar, minta = copy(surat), copy(cetakan), copy(asal)
            satu.pk, satu.urut, satu.nomor = None, n, surat.nomor.replace("/001/", f"/{n:03}/")
            satu.kode_cek, satu.agenda = f"{n:010}", agenda
            satu.save(force_insert=True)
            lembar.pk, lembar.surat = None, satu
            lembar.berkas = default_storage.save(f"surat/isi-{n}.pdf", ContentFile(pdf))
            lembar.save(force_insert=True)
            minta.pk, minta.surat, minta.nomor = None, satu, f"{asal.nomor[:-4]}{n:04}"
            minta.kode_resi, minta.draf = f"I{n:07}", None
            minta.save(force_insert=True)
            for lama in lampiran:
                berkas, tautan = copy(lama.berkas), copy(lama)
                berkas.pk = None
                berkas.mentah = ""
                berkas.berkas = default_storage.save(f"berkas/isi-{n}.jpg", ContentFile(foto))
                berkas.mini = default_storage.save(f"mini/isi-{n}.jpg", ContentFile(foto[:9000]))
                berkas.save(force_insert=True)
                tautan.pk, tautan.berkas, tautan.permohonan = None, berkas, minta
                tautan.save(force_insert=True)
    for kode in ("SURAT", "AGENDA", "PERMOHONAN"):
        BukuNomor.objects.filter(kode=kode).update(terakhir=jumlah)
    return {"permohonan": Permohonan.objects.count(), "berkas": Berkas.objects.count()}


# --- Work ----------------------------------------------------------------------------------------


def kerja(utas: int, jeda_cadangan: float, arsip: bool) -> None:
    """Until somebody kills us. `jeda_cadangan`: seconds between two backups; `arsip`: the rows have
    an archive of their own, so after one backup only files are copied."""
    _siapkan()
    petugas = _petugas()
    acak = random.Random(7)

    def satu() -> None:
        from tests import factories

        minta = _permohonan()
        catat("permohonan", minta.nomor)
        sampai = acak.choice(("DIAJUKAN", "DIPROSES", "SIAP_DIAMBIL", "SELESAI"))
        for status in ("DIPROSES", "DICETAK", "MENUNGGU_TTD", "SIAP_DIAMBIL", "SELESAI"):
            if minta.status == sampai:
                return
            while status == "MENUNGGU_TTD" and minta.status == "DICETAK":
                time.sleep(0.05)  # the worker prints
                minta.refresh_from_db()
            factories.jalankan_sampai(minta, status, **petugas)
            if status == "DICETAK":
                catat("surat", minta.surat.nomor)
            catat("langkah", f"{minta.nomor} {status}")

    kali: list[tuple[Callable[[], object], float]] = [(satu, 0.0)] * utas
    from layanan import tasks
    from layanan.kesehatan import proses

    kali += [(tasks.cetak_surat, 0.1), (tasks.periksa_berkas, 0.2), (tasks.kirim_pesan, 0.1)]
    kali += [(lambda: proses.catat("pekerja@uji:1"), 0.5)]
    kali += [(lambda: _cadangkan(arsip), jeda_cadangan)]
    semua = [threading.Thread(target=_terus, args=satu_, daemon=True) for satu_ in kali]
    for satu_utas in semua:
        satu_utas.start()
    while True:
        time.sleep(60)


def _terus(fungsi: Callable[[], object], jeda: float) -> None:
    from django.db import OperationalError, close_old_connections

    while True:
        try:
            fungsi()
        except OperationalError as galat:
            catat("terkunci", str(galat)[:80])  # as a clerk would: once more
        except Exception:
            catat("galat", traceback.format_exc()[-1500:])
        close_old_connections()
        time.sleep(jeda)


def _cadangkan(arsip: bool) -> None:
    from django.utils import timezone

    from layanan.cadangan import buat

    if arsip and buat.semua():
        buat.salin_berkas()
        return
    mulai = timezone.now()
    buat.cadangkan(pada=mulai)
    catat("cadangan", f"{mulai.timestamp()} {time.time() - mulai.timestamp()}")


# --- After the restore ---------------------------------------------------------------------------


def periksa(surat_baru: int) -> dict[str, Any]:
    """What is there; then the office goes on: steps are taken again, letters are issued, and every
    message goes out. What is there then."""
    from django.core.files.storage import default_storage

    from layanan import tasks
    from layanan.kotak_keluar import pengiriman
    from layanan.models import Notifikasi, Permohonan
    from surat.models import Cetakan, Surat
    from tests import factories

    global _nomor
    _nomor = count(800)
    lama = {"permohonan": _kolom(Permohonan), "surat": _kolom(Surat)}
    rusak = []
    for satu in Cetakan.objects.filter(keadaan="SELESAI"):
        isi_ = (
            default_storage.open(satu.berkas).read() if default_storage.exists(satu.berkas) else b""
        )
        if hashlib.sha256(isi_).hexdigest() != satu.sha256:
            rusak.append(satu.berkas)
    petugas = _petugas()
    tasks.cetak_surat()
    semua = list(Permohonan.objects.exclude(status__in=("SELESAI", "DRAF")).order_by("pk"))
    semua += [_permohonan() for _ in range(surat_baru)]
    for minta in semua:
        minta.refresh_from_db()
        factories.jalankan_sampai(minta, "SELESAI", **petugas)
    batas = time.monotonic() + 60
    antre = Notifikasi.objects.antre()
    while antre.exists() and time.monotonic() < batas:
        pengiriman.kirim_yang_menunggu()
        time.sleep(0.2)
    return {
        "lama": lama,
        "surat_diperiksa": Cetakan.objects.filter(keadaan="SELESAI").count(),
        "rusak": rusak,
        "permohonan": _kolom(Permohonan),
        "surat": _kolom(Surat),
        "antre": antre.count(),
        "tak_sampai": Notifikasi.objects.filter(keadaan__in=Notifikasi.TAK_SAMPAI).count(),
    }


def _kolom(model: Any) -> list[str]:
    return list(model.objects.values_list("nomor", flat=True))
