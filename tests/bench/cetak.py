"""Letters: ours beside plain WeasyPrint in one process, then through queue and worker."""

import gc
import html as html_
import itertools
import os
import re
import time
from statistics import mean, median
from typing import Any

from tests.bench import rincian
from tests.bench.laporan import Baris, persentil, sasaran_maks, sasaran_min
from tests.bench.panggung import Panggung

# --- In a process with Django ------------------------------------------------------------------


def _data_surat() -> list[dict[str, Any]]:
    from surat.models import Surat

    return list(Surat.objects.order_by("pk").values_list("data", flat=True))


def dingin() -> dict[str, float]:
    """A fresh process: seconds until WeasyPrint is ready, and until the first letter is there."""
    from surat.kertas import pdf

    data = _data_surat()[0]
    mulai = time.perf_counter()
    pdf.hangatkan()
    hangat = time.perf_counter()
    pdf.buat(data)
    return {"siap": hangat - mulai, "pertama": time.perf_counter() - mulai}


def draf() -> dict[str, Any]:
    """Drafts by the child that stays: seconds of the first, which starts it, and of the others;
    megabytes of the child after them."""
    from surat.kertas import cetak_luar, lambang
    from tests.bench.antrean import _anak_pencetak

    waktu = []
    for data in _data_surat()[:40]:
        kop = data["kop"]
        if kop["lambang"]:
            kop["lambang_uri"] = lambang.cari(kop["lambang"])
        mulai = time.perf_counter()
        cetak_luar.cetak("surat", data | {"tanda_air": "DRAF"}, detik=60)
        waktu.append(time.perf_counter() - mulai)
    proses = cetak_luar._tetap.mulai()
    memori = dict(_anak_pencetak(os.getpid()))[proses.pid]
    hasil = {"dingin": waktu[0], "hangat": waktu[1:], "mb": memori}
    proses.kill()
    proses.wait()
    return hasil


def _polos(data: dict[str, Any]) -> bytes:
    """The same paper as anybody would write it at first: everything anew for each letter."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    from surat.kertas import kertas, pdf

    fonts = FontConfiguration()
    teks = pdf._GAYA.read_text(encoding="utf-8").replace("{{fonts}}", kertas.FONT.as_uri())
    lembar = [weasyprint.CSS(string=x, font_config=fonts) for x in (teks, kertas.gaya(data))]
    return weasyprint.HTML(string=pdf.html(data)).write_pdf(
        stylesheets=lembar, font_config=fonts, pdf_variant="pdf/a-2a"
    )


def _lantai(data: dict[str, Any]) -> bytes:
    """The words of the letter on the same paper and nothing else: no tables, picture, tags or
    standard. What WeasyPrint needs at least for that many words, everything prepared."""
    from surat.kertas import kertas, pdf

    mesin = pdf._mesin()
    badan = pdf.html(data).split("<body", 1)[1].split(">", 1)[1]
    kata = (html_.unescape(re.sub(r"<[^>]+>", "", baris)).strip() for baris in badan.split("\n"))
    alinea = "".join(f"<p>{html_.escape(satu)}</p>" for satu in kata if satu)
    teks = f'<html lang="id"><body>{alinea}</body></html>'
    lembar = [mesin.lembar_gaya(mesin._kertas), mesin.lembar_gaya(kertas.gaya(data))]
    dokumen = mesin._weasyprint.HTML(string=teks, url_fetcher=mesin._fetcher).render(
        stylesheets=lembar, font_config=mesin._fonts
    )
    return dokumen.write_pdf()


def hangat(detik: float) -> dict[str, Any]:
    """Ours and plain, turn by turn on the same letters; both include template and QR code."""
    from surat.kertas import pdf

    ambang = gc.get_threshold()
    pdf.hangatkan()
    hemat = gc.get_threshold()
    cara = {
        "bugbug": (hemat, lambda data: pdf.buat(data)[0]),
        "polos": (ambang, _polos),
        "html": (hemat, lambda data: pdf.html(data).encode()),
        "lantai": (hemat, _lantai),
    }
    waktu: dict[str, list[float]] = {nama: [] for nama in cara}
    cpu: dict[str, list[float]] = {nama: [] for nama in cara}
    ukuran: dict[str, int] = {}
    surat = itertools.cycle(_data_surat())
    selesai = time.perf_counter() + detik
    while time.perf_counter() < selesai or len(waktu["html"]) < 5:
        data = next(surat)
        for nama, (ambang_gc, buat) in cara.items():
            gc.collect()  # each starts with a clean heap and with the gc of its own world
            gc.set_threshold(*ambang_gc)
            mulai, cpu_mulai = time.perf_counter(), time.process_time()
            isi = buat(data)
            cpu[nama].append((time.process_time() - cpu_mulai) * 1000)
            waktu[nama].append((time.perf_counter() - mulai) * 1000)
            ukuran[nama] = len(isi)
    return {
        "waktu": waktu,
        "cpu": cpu,
        "ukuran": ukuran,
        "per_halaman": _per_halaman(),
        "bagian": rincian.ukur(_data_surat(), detik / 3),
        "satu_proses": _terus(detik / 3),
    }


def _per_halaman() -> float:
    """Bytes of a page, of all letters of the demo village."""
    from surat.kertas import pdf

    semua = [pdf.buat(data) for data in _data_surat()]
    return sum(len(isi) for isi, _ in semua) / sum(halaman for _, halaman in semua)


def _terus(detik: float) -> tuple[float, float]:
    """Letters per second of one process that does nothing else; processor ms of each."""
    from surat.kertas import pdf

    surat, jumlah = itertools.cycle(_data_surat()), 0
    mulai, cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() - mulai < detik:
        pdf.buat(next(surat))
        jumlah += 1
    lama = time.perf_counter() - mulai
    return jumlah / lama, (time.process_time() - cpu) / jumlah * 1000


# --- In the benchmark itself -------------------------------------------------------------------

_BAGIAN = "Surat"


def ukur(panggung: Panggung, *, detik: float, ulang: int, jumlah: int) -> list[Baris]:
    awal = [panggung.anak("dingin") for _ in range(ulang)]
    hasil, contoh = panggung.anak("hangat", detik=detik), panggung.anak("draf")
    draf_ = Baris(_BAGIAN, "draf, anak yang hangat", median(contoh["hangat"]), "s")
    lama = persentil(contoh["hangat"], 95)
    draf_.p95, (draf_.sasaran, draf_.tercapai) = lama * 1000, sasaran_maks(lama, 1, "s")
    draf_.catatan = f"dingin {contoh['dingin']:.1f} s; anak {contoh['mb']:.0f} MB"
    polos, ini, html, lantai = (_satu(hasil, k) for k in ("polos", "bugbug", "html", "lantai"))
    polos.nama, ini.nama = "  WeasyPrint polos", "surat.kertas.pdf.buat"
    html.nama = "  di antaranya templat dan QR"
    lantai.nama = "  lantai: kata-katanya saja, tanpa tanda"
    for satu in (ini, lantai):  # processor time: what else the machine does hardly moves it
        pasang = zip(hasil["cpu"][satu.rinci["cara"]], hasil["cpu"]["polos"], strict=True)
        satu.rasio, satu.terhadap = median(b / p for b, p in pasang), "CPU polos"
    ini.sasaran, ini.tercapai = sasaran_maks(ini.rasio or 0, 1, "x polos")
    ini.catatan += f", {hasil['per_halaman'] / 1024:.0f} KB per halaman"
    terus = Baris(_BAGIAN, "satu proses terus-menerus", hasil["satu_proses"][0], "surat/s")
    terus.cpu = hasil["satu_proses"][1]
    pertama = median(a["pertama"] for a in awal)
    antrean = panggung.anak("antrean", habis=600 + jumlah, jumlah=jumlah, batas=120 + jumlah)
    bagian = hasil["bagian"] | {"penyimpanan, basis data dan langkah": antrean["simpan_ms"]}
    return [
        Baris(_BAGIAN, "proses baru: siap mencetak", median(a["siap"] for a in awal), "s"),
        Baris(_BAGIAN, "proses baru: surat pertama", pertama, "s"),
        draf_,
        Baris(_BAGIAN, "satu inti, proses baru tiap surat", 1 / pertama, "surat/s"),
        Baris(_BAGIAN, "satu inti, proses hangat", 1000 / (ini.cpu or 1), "surat/s"),
        polos,
        ini,
        html,
        lantai,
        *_rincian(bagian),
        terus,
        *_antrean(antrean, jumlah, satu_proses=terus.nilai),
    ]


def _rincian(bagian: dict[str, float]) -> list[Baris]:
    semua = sum(bagian.values())
    return [
        Baris(_BAGIAN, f"  bagian: {nama}", ms / semua * 100, "%", cpu=ms)
        for nama, ms in bagian.items()
    ]


def _satu(hasil: dict[str, Any], kunci: str) -> Baris:
    waktu = hasil["waktu"][kunci]
    return Baris(
        _BAGIAN,
        kunci,
        mean(waktu),
        "ms",
        p50=median(waktu),
        p95=persentil(waktu, 95),
        p99=persentil(waktu, 99),
        cpu=median(hasil["cpu"][kunci]),
        catatan=f"{hasil['ukuran'][kunci] / 1024:.0f} KB, {len(waktu)} surat",
        rinci={"ms": waktu, "cara": kunci},
    )


def _antrean(hasil: dict[str, Any], jumlah: int, *, satu_proses: float) -> list[Baris]:
    ini = Baris(
        _BAGIAN,
        f"antrean: {jumlah} surat, pekerja Procfile",
        hasil["per_detik"],
        "surat/s",
        cpu=hasil["cpu_ms"],
        rasio=hasil["per_detik"] / satu_proses,
        terhadap="satu proses",
        catatan=f"CPU seluruh pekerja dari surat ke-{hasil['cpu_sejak']}, pesan ikut",
        rinci=hasil,
    )
    ini.sasaran, ini.tercapai = sasaran_min(ini.nilai, 22, "surat/s")
    return [
        ini,
        *_memori(hasil["memori_mb"]),
        Baris(_BAGIAN, "  pekerja mulai sampai surat pertama", hasil["sampai_pertama"], "s"),
        Baris(_BAGIAN, "  pekerja mulai sampai langkah terakhir", hasil["sampai_langkah"], "s"),
        Baris(_BAGIAN, "  pekerja mulai sampai pesan terakhir", hasil["sampai_pesan"], "s"),
    ]


def _memori(proses: list[list[list[float]]]) -> list[Baris]:
    """How much each worker process has grown once it had made its first letters."""
    baris = []
    for nomor, contoh in enumerate(proses, 1):
        (_, mulai), (akhir_surat, akhir) = contoh[0], contoh[-1]
        awal_surat, awal = next((c for c in contoh if c[0] * 10 >= akhir_surat), contoh[0])
        satu = Baris(_BAGIAN, f"  memori pekerja {nomor}: bertambah", akhir - awal, "MB")
        if akhir_surat >= 100:  # a process that has hardly begun still fills its caches
            satu.sasaran, satu.tercapai = sasaran_maks(satu.nilai, 5, "MB")
        satu.catatan = (
            f"RSS siap {mulai:.0f}, {awal_surat:.0f} surat {awal:.0f}, "
            f"{akhir_surat:.0f} surat {akhir:.0f} MB"
        )
        baris.append(satu)
    return baris
