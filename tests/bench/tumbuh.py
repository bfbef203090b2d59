"""Growth: a village with very many requests, and what each address costs in it.

`isi` fills a village that has at least one letter with five years of life, all in SQL, skewed like
life: nearly everything is done, what waits is the same however old the village is, a few residents
ask again and again and many never. What a row says is slim; how many there are is not.
"""

import re
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from bugbug.celery import app
from layanan.models import Permohonan
from layanan.permohonan import pembersihan
from penduduk import halaman
from penduduk.models import Akun, Banjar
from surat.models import BukuNomor, Surat, Templat
from surat.terbit import kode_cek
from tests.bench.laporan import Rusak
from tests.halaman import sebagai

TAHUN = 5 * 365 * 86400  # seconds of history
TERBUKA = 250  # requests that are still open, all of them the newest
LAMA = 100  # letters that nobody has collected, spread over the years
_AWAL = 10_000_000  # first key of ours: above those of the village
_ALIR = """CREATE TEMPORARY TABLE tumbuh AS
    WITH RECURSIVE deret(i) AS (SELECT CAST(1 AS bigint) UNION ALL
        SELECT i + 1 FROM deret WHERE i < {n}),
    acak AS (SELECT i, (i * 7919 % 99991) / 99991.0 AS u,
        {kini} - {tahun} + i * {langkah} AS t FROM deret)
    SELECT i, {awal} + i AS pk, t, 1 + CAST(u * u * {aktif} AS INTEGER) + {awal} AS orang, CASE
        WHEN i > {n} - {terbuka} THEN CASE i % 5 WHEN 0 THEN 'DIAJUKAN' WHEN 1 THEN 'DIPROSES'
            WHEN 2 THEN 'PERLU_PERBAIKAN' WHEN 3 THEN 'MENUNGGU_TTD' ELSE 'SIAP_DIAMBIL' END
        WHEN i % {tiap} = 7 THEN 'SIAP_DIAMBIL'
        WHEN i % 20 = 0 THEN 'DITOLAK' WHEN i % 20 = 1 THEN 'DIBATALKAN'
        ELSE 'SELESAI' END AS status
    FROM acak"""
_MAKRO = {  # what tumbuh.toml writes, in the words of each database
    "postgresql": {
        "waktu": "to_timestamp({})",
        "hari": "CAST(to_timestamp({}) AS date)",
        "tahun": "CAST(extract(year FROM to_timestamp({})) AS integer)",
        "uuid": "CAST(lpad(CAST({} AS text), 32, '0') AS uuid)",
    },
    "sqlite": {
        "waktu": "strftime('%Y-%m-%d %H:%M:%S', {}, 'unixepoch')",
        "hari": "date({}, 'unixepoch')",
        "tahun": "CAST(strftime('%Y', {}, 'unixepoch') AS integer)",
        "uuid": "printf('%032d', {})",
    },
}


def isi(n: int, warga: int = 0) -> None:
    """`n` requests and two residents for each, at most 200,000 (or `warga`)."""
    warga = warga or min(2 * n, 200_000)
    tabel = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    with transaction.atomic(), connection.cursor() as kursor:
        if connection.vendor == "postgresql":  # keys are right by construction; as a superuser
            kursor.execute("SET LOCAL session_replication_role = replica")
        nilai = _nilai(n, warga)
        kursor.execute(_ALIR.format(**nilai))
        for satu in tabel["isi"]:
            _tulis(satu, tabel["pesan"], nilai, warga)
        kursor.execute("DROP TABLE tumbuh")
        for perintah in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            kursor.execute(perintah)


def _nilai(n: int, warga: int) -> dict[str, Any]:
    """What stands in braces in tumbuh.toml."""
    contoh = Surat.objects.order_by("pk")[0]
    jenis = list(Templat.objects.values_list("jenis", "pk").order_by("pk")[:6])
    pilih = [
        "CASE " + " ".join(f"WHEN i % {len(jenis)} = {k} THEN {x[ke]}" for k, x in enumerate(jenis))
        for ke in (0, 1)
    ]
    kini = int(timezone.now().timestamp()) - 60
    akhir = "status IN ('SELESAI', 'DITOLAK', 'DIBATALKAN')"
    return {
        **{"n": n, "kini": kini, "awal": _AWAL, "tahun": TAHUN, "langkah": TAHUN / n},
        **{"aktif": warga * 3 // 5, "terbuka": TERBUKA, "tiap": max(8, n // LAMA)},
        "banjar": Banjar.objects.order_by("pk").values_list("pk", flat=True).first() or "NULL",
        "buku": BukuNomor.objects.create(kode="TUMBUH", tahun=2000, terakhir=2_000_000_000).pk,
        **{"jenis": f"{pilih[0]} END", "templat": f"{pilih[1]} END", "mandat": contoh.mandat_id},
        "petugas": contoh.diterbitkan_oleh_id,
        "surat": '{"pembuka": "", "isi": [], "penutup": ""}',
        "versi": pembersihan.VERSI,
        "akhir": akhir,
        "usang": f"{akhir} AND t < {kini} - 89 * 86400",
        "bersurat": "status IN ('MENUNGGU_TTD', 'SIAP_DIAMBIL', 'SELESAI')",
    }


def _tulis(satu: dict[str, Any], pesan: dict[str, str], nilai: dict[str, Any], warga: int) -> None:
    """INSERT … SELECT: the expression of each column that is named, else its default."""
    model = apps.get_model(satu.pop("tabel"))
    sumber = f"tumbuh WHERE {satu.pop('bila', '1 = 1')}"
    if per := satu.pop("per", 0):
        deret = f"SELECT 1 UNION ALL SELECT i + 1 FROM deret WHERE i < {warga // per}"  # noqa: S608
        sumber = f"(WITH RECURSIVE deret(i) AS ({deret}) SELECT i FROM deret) AS x"  # noqa: S608
    if model._meta.model_name == "notifikasi":
        satu = pesan | satu
    asing = set(satu) - {f.name for f in model._meta.concrete_fields}
    assert not asing, f"{model._meta.label} has no {asing}"
    kolom, isian, bawaan = [], [], []
    for field in model._meta.concrete_fields:
        if field.name in satu:
            isian.append(_sql(satu[field.name], nilai))
        elif field.primary_key or field.null:
            continue
        else:
            isian.append("%s")
            bawaan.append(field.get_db_prep_save(field.get_default(), connection))
        kolom.append(f'"{field.column}"')
    sql = (
        f"INSERT INTO {model._meta.db_table} ({', '.join(kolom)}) "  # noqa: S608
        f"SELECT {', '.join(isian)} FROM {_sql(sumber, nilai)}"
    )
    with connection.cursor() as kursor:
        kursor.execute(sql, bawaan)


def _sql(teks: str, nilai: dict[str, Any]) -> str:
    makro = _MAKRO[connection.vendor]
    return re.sub(
        r"(waktu|hari|tahun|uuid)\[([^]]*)\]",
        lambda m: makro[m[1]].format(m[2]),
        teks.format(**nilai),
    ).replace("%", "%%")


# --- What there is to open ------------------------------------------------------------------------

# Work of the night or of the network, and what looks at files rather than at rows.
_BUKAN_SAPUAN = {"periksa_surat", "cadangkan", "templat", "laporan"}
# They lay out paper.
_BUKAN_HALAMAN = ("pratinjau",)


def sapuan() -> dict[str, Callable[[], None]]:
    """What beat calls for, as functions."""
    semua = app.conf.beat_schedule.items()
    return {k: import_string(v["task"]) for k, v in semua if k not in _BUKAN_SAPUAN}


def orang() -> tuple[Client, Client, str, str]:
    """Who opens the pages: a resident, and one who may do all in the office (a signer, too); the
    number and the key of a request of that resident."""
    permohonan = Permohonan.objects.filter(pk__gt=_AWAL, status="SIAP_DIAMBIL").order_by("-pk")[0]
    kantor = Permohonan.objects.filter(status="MENUNGGU_TTD").order_by("-pk")[0]
    penanda = kantor.surat.mandat.pejabat.akun
    Akun.objects.filter(pk=penanda.pk).update(is_superuser=True)
    contoh = Surat.objects.order_by("pk")[0]
    Surat.objects.filter(pk=permohonan.surat_id).update(kode_cek=kode_cek.buat(), data=contoh.data)
    warga = Akun.objects.get(penduduk=permohonan.pemohon_id)
    sini = {"SERVER_NAME": "127.0.0.1"}
    return sebagai(warga, **sini), sebagai(penanda, **sini), permohonan.nomor, kantor.nomor


def alamat_warga(nomor: str) -> list[str]:
    permohonan = Permohonan.objects.get(nomor=nomor)
    kode, jenis = permohonan.surat.kode_cek, permohonan.jenis.kode
    awal = "/ /masuk/ /panduan/ /cek/ /layanan/ /layanan/data-saya/ /layanan/data-saya/kabar/"
    return [
        *awal.split(),
        "/kinerja/",
        f"/cek/{kode}/",
        "/layanan/surat/",
        f"/layanan/surat/{jenis}/",
        f"/layanan/permohonan/{nomor}/",
    ]


def alamat_kantor(client: Client, nomor: str) -> Iterator[str]:
    """Each page; each list that grows, with its filters, and its newest row."""
    yield from ("/kelola/", "/meja/", f"/meja/{nomor}/")
    for rute, _ in halaman._HALAMAN:
        bukan = rute.metode != "GET" or any(x in rute.alamat for x in ("<", *_BUKAN_HALAMAN))
        if not bukan:
            yield f"/kelola/{rute.alamat}"
    yield f"/kelola/layanan/loket/{_AWAL + 5}/"
    for model in admin.site._registry:
        if model._meta.app_label == "auth":
            continue
        nama = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        daftar = reverse(f"{nama}_changelist")
        jawab = client.get(daftar)
        yield daftar
        if model._default_manager.exists():
            yield reverse(f"{nama}_change", args=[model._default_manager.latest("pk").pk])
        cl = (getattr(jawab, "context_data", None) or {}).get("cl")
        for saring in cl.filter_specs if cl else []:
            yield from (daftar + x["query_string"] for x in [*saring.choices(cl)][1:7])


# --- Measuring ------------------------------------------------------------------------------------


def buka(client: Client, alamat: str) -> Callable[[], None]:
    def kerja() -> None:
        jawab = client.get(alamat)
        if jawab.status_code not in (200, 302):
            raise Rusak(f"{alamat}: status {jawab.status_code}")

    return kerja


def semua() -> Iterator[tuple[str, Callable[[], None]]]:
    """Everything that is measured: what it is called, and how it is done."""
    warga, kantor, nomor, antre = orang()
    for alamat in alamat_warga(nomor):
        yield alamat, buka(warga, alamat)
    for alamat in alamat_kantor(kantor, antre):
        yield alamat, buka(kantor, alamat)
    for nama, kerja in sapuan().items():
        yield f"sapuan {nama}", kerja


def tenangkan() -> None:
    """Work off what waits, so that the sweeps are measured as they are on a quiet day."""
    for kerja in [*sapuan().values()] * 2:
        kerja()


def urung(kerja: Callable[[], None]) -> None:
    """Do it, and leave no trace in the database."""
    with transaction.atomic():
        kerja()
        transaction.set_rollback(True)


def bangun(jumlah: int) -> int:
    """Fill the village up to `jumlah` requests; how many there are now."""
    if Permohonan.objects.count() < jumlah:
        isi(jumlah)
        with connection.cursor() as kursor:
            kursor.execute("ANALYZE")
    return Permohonan.objects.count()


def ukur() -> dict[str, tuple[float, int]]:
    """Milliseconds (the quickest of three) and queries of each."""
    hasil = {}
    tenangkan()
    for nama, kerja in semua():
        waktu = []
        for _ in range(3):
            with CaptureQueriesContext(connection) as tercatat:
                mulai = time.perf_counter()
                urung(kerja)
                waktu.append((time.perf_counter() - mulai) * 1000)
        tetap = re.sub(r"\d{5,}|[A-Z2-9]{10}", "…", nama)  # the same name in every village
        hasil[tetap] = min(waktu), len(tercatat)
    return hasil
