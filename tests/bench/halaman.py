"""Pages, in turns with the bare view; also their queries and their bytes on the line."""

import gzip
from dataclasses import dataclass
from functools import partial
from statistics import median

from tests.bench import beban
from tests.bench.beban import KLIEN, Hasil
from tests.bench.laporan import Baris, Rusak, sasaran_maks, sasaran_min
from tests.bench.masuk import sesi_operator, sesi_warga
from tests.bench.panggung import Panggung

_PEMANASAN = 1.0  # seconds


@dataclass(frozen=True)
class Halaman:
    """`penanda`: words that only the right page has. `umum`: open to anybody."""

    nama: str
    jalur: str
    siapa: str
    penanda: str

    @property
    def umum(self) -> bool:
        return not self.siapa


HALAMAN = (
    Halaman("beranda", "/", "", "Surat yang dapat diminta"),
    Halaman("halaman masuk", "/masuk/", "", "16 angka di KTP-el"),
    Halaman("permohonan saya", "/layanan/", "warga", "P-20"),
    Halaman("antrean operator", "/kelola/layanan/permohonan/", "operator", "P-20"),
)


def _periksa(panggung: Panggung, halaman: Halaman, kuki: dict[str, str]) -> int:
    """Raise Rusak unless this is the right page; bytes of the compressed answer with its head."""
    jawaban = beban.minta(
        panggung.situs, beban.permintaan(panggung.situs, halaman.jalur, kuki=kuki)
    )
    padat = jawaban.kepala_("content-encoding") == "gzip"
    isi = gzip.decompress(jawaban.isi) if padat else jawaban.isi
    if jawaban.status != 200 or halaman.penanda not in isi.decode():
        raise Rusak(f"{halaman.jalur}: bukan halaman yang dimaksud (status {jawaban.status})")
    return len(jawaban.kepala) + 4 + len(jawaban.isi)


def _kuki(panggung: Panggung) -> dict[str, dict[str, str]]:
    return {"": {}, "warga": sesi_warga(panggung), "operator": sesi_operator(panggung)}


def ukur(panggung: Panggung, *, putaran: int, detik: float, pakai_wrk: bool) -> list[Baris]:
    kuki = _kuki(panggung)
    kueri = panggung.anak("kueri", halaman=[[h.jalur, kuki[h.siapa]] for h in HALAMAN])
    hasil = []
    for halaman in HALAMAN:
        polos, ini = _satu(panggung, halaman, kuki[halaman.siapa], putaran, detik, pakai_wrk)
        dingin, hangat = (len(sql) for sql in kueri[halaman.jalur])
        ini.catatan = f"{hangat} kueri (cache kosong: {dingin}), {ini.catatan}"
        ini.rinci["kueri"] = dict(zip(("dingin", "hangat"), kueri[halaman.jalur], strict=True))
        hasil += [polos, ini]
    dingin = len(kueri["/"][0])
    ini = Baris(ini.bagian, "beranda, cache kosong", dingin, "kueri")
    ini.sasaran, ini.tercapai = sasaran_maks(dingin, 3, "kueri")
    return [*hasil, ini]


def _satu(
    panggung: Panggung,
    halaman: Halaman,
    kuki: dict[str, str],
    putaran: int,
    detik: float,
    pakai_wrk: bool,
) -> tuple[Baris, Baris]:
    """Bare, page, bare, page, …; both with the same cookies."""
    ukuran = _periksa(panggung, halaman, kuki)
    asal = ((panggung.telanjang, "/"), (panggung.situs, halaman.jalur))
    for host, jalur in asal:
        beban.halaman(host, jalur, detik=_PEMANASAN, kuki=kuki, pakai_wrk=pakai_wrk)
    polos: list[Hasil] = []
    isi: list[Hasil] = []
    for _ in range(putaran):
        for (host, jalur), daftar in zip(asal, (polos, isi), strict=True):
            beri = partial(beban.halaman, host, jalur, detik=detik, kuki=kuki, pakai_wrk=pakai_wrk)
            daftar.append(panggung.beban(host, beri))
    _periksa(panggung, halaman, kuki)  # still the same page, not an error or a login form
    bagian = f"Halaman ({KLIEN} klien)"
    siapa = "tanpa sesi" if halaman.umum else f"sesi {halaman.siapa}"
    lantai = beban.baris(bagian, f"  telanjang, {siapa}", polos, "req/s")
    ini = beban.baris(bagian, f"{halaman.nama} {halaman.jalur}", isi, "req/s")
    ini.rasio = median(i.per_detik / p.per_detik for i, p in zip(isi, polos, strict=True))
    ini.terhadap, ini.catatan = "telanjang", f"{ukuran / 1024:.1f} KB"
    ini.rinci["bita"] = ukuran
    if halaman.umum:
        ini.sasaran, ini.tercapai = sasaran_min(ini.nilai, 400, "req/s")
    return lantai, ini
