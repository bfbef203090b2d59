"""Letters: ours beside plain WeasyPrint in one process, then through queue and worker."""

import gc
import itertools
import time
from statistics import mean, median
from typing import Any

from tests.bench.laporan import Baris, persentil, sasaran_min
from tests.bench.panggung import Panggung

# --- In a process with Django ------------------------------------------------------------------


def _data_surat() -> list[dict[str, Any]]:
    from surat.models import Surat

    return list(Surat.objects.order_by("pk").values_list("data", flat=True))


def dingin() -> dict[str, float]:
    """A fresh process: seconds until WeasyPrint is ready, and until the first letter is there."""
    from surat import pdf

    data = _data_surat()[0]
    mulai = time.perf_counter()
    pdf.hangatkan()
    hangat = time.perf_counter()
    pdf.buat(data)
    return {"siap": hangat - mulai, "pertama": time.perf_counter() - mulai}


def _polos(html: str) -> bytes:
    """The same paper as anybody would write it at first: everything anew for each letter."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    from surat import pdf

    fonts = FontConfiguration()
    teks = pdf._GAYA.read_text(encoding="utf-8").replace("{{fonts}}", pdf._FONT.as_uri())
    css = weasyprint.CSS(string=teks, font_config=fonts)
    return weasyprint.HTML(string=html).write_pdf(
        stylesheets=[css], font_config=fonts, pdf_variant="pdf/ua-1"
    )


def hangat(detik: float) -> dict[str, Any]:
    """Ours and plain, turn by turn on the same letters; both include template and QR code."""
    from surat import pdf

    ambang = gc.get_threshold()
    pdf.hangatkan()
    hemat = gc.get_threshold()
    cara = {
        "bugbug": (hemat, lambda data: pdf.buat(data)[0]),
        "polos": (ambang, lambda data: _polos(pdf.html(data))),
        "html": (hemat, lambda data: pdf.html(data).encode()),
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
    return {"waktu": waktu, "cpu": cpu, "ukuran": ukuran, "satu_proses": _terus(detik / 3)}


def _terus(detik: float) -> tuple[float, float]:
    """Letters per second of one process that does nothing else; processor ms of each."""
    from surat import pdf

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
    hasil = panggung.anak("hangat", detik=detik)
    polos, ini, html = (_satu(hasil, kunci) for kunci in ("polos", "bugbug", "html"))
    polos.nama, ini.nama = "  WeasyPrint polos", "surat.pdf.buat"
    html.nama = "  di antaranya templat dan QR"
    waktu = hasil["waktu"]
    ini.rasio = median(b / p for b, p in zip(waktu["bugbug"], waktu["polos"], strict=True))
    ini.terhadap = "waktu polos"
    terus = Baris(_BAGIAN, "satu proses terus-menerus", hasil["satu_proses"][0], "surat/s")
    terus.cpu = hasil["satu_proses"][1]
    return [
        Baris(_BAGIAN, "proses baru: siap mencetak", median(a["siap"] for a in awal), "s"),
        Baris(_BAGIAN, "proses baru: surat pertama", median(a["pertama"] for a in awal), "s"),
        polos,
        ini,
        html,
        terus,
        *_antrean(panggung, jumlah, satu_proses=terus.nilai),
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
        rinci={"ms": waktu},
    )


def _antrean(panggung: Panggung, jumlah: int, *, satu_proses: float) -> list[Baris]:
    hasil = panggung.anak("antrean", jumlah=jumlah, batas=120 + jumlah)
    memori = ", ".join(f"{a:.0f}→{z:.0f}" for a, z in hasil["memori_mb"]) or "tidak terbaca"
    ini = Baris(
        _BAGIAN,
        f"antrean: {jumlah} surat, pekerja Procfile",
        hasil["per_detik"],
        "surat/s",
        cpu=hasil["cpu_ms"],
        rasio=hasil["per_detik"] / satu_proses,
        terhadap="satu proses",
        catatan=f"RSS tiap proses {memori} MB",
        rinci=hasil,
    )
    ini.sasaran, ini.tercapai = sasaran_min(ini.nilai, 20, "surat/s")
    return [
        ini,
        Baris(_BAGIAN, "  pekerja mulai sampai surat pertama", hasil["sampai_pertama"], "s"),
        Baris(_BAGIAN, "  pekerja mulai sampai langkah terakhir", hasil["sampai_langkah"], "s"),
        Baris(_BAGIAN, "  pekerja mulai sampai pesan terakhir", hasil["sampai_pesan"], "s"),
    ]
