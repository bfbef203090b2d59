"""Pages, in turns with the bare view; also their queries and their bytes on the line."""

import gzip
from dataclasses import dataclass, replace
from functools import partial
from statistics import median

from tests.bench import beban
from tests.bench.beban import KLIEN, Hasil
from tests.bench.laporan import Baris, Rusak, sasaran_maks, sasaran_min
from tests.bench.masuk import sesi_petugas, sesi_warga
from tests.bench.panggung import Panggung

_PEMANASAN = 1.0  # seconds


@dataclass(frozen=True)
class Halaman:
    """`jalur`: may name what tests.bench.anak.alamat gives. `penanda`: words that only the right
    page has. `per_detik`: at least; `rasio`: processor time, at most so many times that of the bare
    view with (or, for everybody's pages, without) a session; `p95`: ms, at most."""

    nama: str
    jalur: str
    siapa: str
    penanda: str
    per_detik: float | None = None
    rasio: float | None = None
    p95: float | None = None

    @property
    def lantai(self) -> str:
        return "/sesi/" if self.siapa else "/"

    def sasaran(self, ini: Baris) -> tuple[str, bool | None]:
        """All goals of this page, and whether it reaches every one."""
        ada = [
            sasaran_min(ini.nilai, self.per_detik, "req/s") if self.per_detik else None,
            sasaran_maks(ini.rasio or 0, self.rasio, "x CPU") if self.rasio else None,
            sasaran_maks(ini.p95 or 0, self.p95, "ms p95") if self.p95 else None,
        ]
        pakai = [satu for satu in ada if satu]
        return ", ".join(kata for kata, _ in pakai), all(ya for _, ya in pakai) if pakai else None


HALAMAN = (
    Halaman("beranda", "/", "", "Surat yang dapat diminta", per_detik=400),
    Halaman("halaman masuk", "/masuk/", "", "16 angka di KTP-el", per_detik=400),
    Halaman("permohonan saya", "/layanan/", "warga", "P-20", per_detik=400, rasio=2),
    Halaman(
        "formulir terisi", "/layanan/surat/{isi}/isi/", "warga", "name=", per_detik=300, rasio=2
    ),
    Halaman("satu permohonan", "/layanan/permohonan/{nomor}/", "warga", "P-20"),
    Halaman("awal kantor", "/kelola/", "operator", "Masuk dan selesai"),
    Halaman("antrean operator", "/kelola/layanan/permohonan/", "operator", "P-20"),
    Halaman("cari di antrean", "/kelola/layanan/permohonan/?q={nomor}", "operator", "P-20"),
    Halaman("permohonan di kantor", "/kelola/layanan/permohonan/{pk}/change/", "operator", "P-20"),
    Halaman("daftar panggilan", "/kelola/layanan/hubungi/", "operator", "ubungi"),
    Halaman("lencana", "/kelola/layanan/lencana/", "operator", "{", per_detik=300),
    Halaman("meja tanda tangan", "/meja/", "perbekel", "tanda tangan"),
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
    petugas = {siapa: sesi_petugas(panggung, siapa) for siapa in ("operator", "perbekel")}
    return {"": {}, "warga": sesi_warga(panggung), **petugas}


def ukur(panggung: Panggung, *, putaran: int, detik: float, pakai_wrk: bool) -> list[Baris]:
    kuki = _kuki(panggung)
    alamat = panggung.anak("alamat")
    semua = [replace(h, jalur=h.jalur.format(**alamat)) for h in HALAMAN]
    kueri = panggung.anak("kueri", halaman=[[h.jalur, kuki[h.siapa]] for h in semua])
    hasil = []
    for halaman in semua:
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
    asal = ((panggung.telanjang, halaman.lantai), (panggung.situs, halaman.jalur))
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
    siapa = f"sesi {halaman.siapa}" if halaman.siapa else "tanpa sesi"
    lantai = beban.baris(bagian, f"  telanjang, {siapa}", polos, "req/s")
    ini = beban.baris(bagian, f"{halaman.nama} {halaman.jalur}", isi, "req/s")
    ini.rasio = median(i.cpu / p.cpu for i, p in zip(isi, polos, strict=True))
    ini.terhadap, ini.catatan = "CPU telanjang", f"{ukuran / 1024:.1f} KB"
    ini.rinci["bita"] = ukuran
    ini.sasaran, ini.tercapai = halaman.sasaran(ini)
    return lantai, ini
