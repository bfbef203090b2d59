"""Searching the register: the query alone and the page over HTTP, in the demo village as it is and
with a hundred thousand residents. It comes last: nothing else is measured in so large a village."""

import gzip
import random
import time
from datetime import date, timedelta

from tests.bench import beban
from tests.bench.laporan import Baris, Rusak, persentil, sasaran_maks
from tests.bench.masuk import sesi_petugas
from tests.bench.panggung import Panggung

LANGKA = "I Ketut Brahmandita"
# What is typed, and the words that only a right answer has.
CARI = {
    "nama depan yang umum": ("wayan", "Wayan"),
    "nama dalam ejaan lain": ("I Wyn Suardana", "Suardana"),
    "bagian nama yang langka": ("mandita", LANGKA),
    "potongan NIK": ("5107 9912", "51079912"),
    "tidak ada yang cocok": ("zzz tidak ada", "0 penduduk"),
    "tanpa pencarian": ("", "penduduk"),
}
_DEPAN = "Wayan Made Nyoman Ketut Putu Kadek Komang Gede".split()
_BELAKANG = (
    "Suardana Budiasa Wirawan Sukerta Parwata Sugita Widiana Adnyana Suarjana Kariasa Sumerta "
    "Yudana Arimbawa Dharmawan Putrawan Winaya Sukarsa Mudita Sujana Wardana Suparta Subagia"
).split()
_SEKALI = 2000


# --- In a process with Django (tests.bench.anak) ------------------------------------------------


def isi_register(jumlah: int) -> int:
    """Fill the register up to `jumlah` residents, four to a family; how many there are now."""
    from penduduk.models import Banjar, Keluarga, Penduduk

    acak = random.Random(1)
    banjar = list(Banjar.objects.order_by("pk"))
    kurang = max(0, jumlah - Penduduk.objects.count())
    keluarga = Keluarga.objects.bulk_create(
        (
            Keluarga(alamat=f"Jalan Bench {n}", banjar=banjar[n % len(banjar)])
            for n in range(kurang // 4 + 1)
        ),
        batch_size=_SEKALI,
    )

    def satu(n: int) -> Penduduk:
        lahir = date(1940, 1, 1) + timedelta(days=acak.randrange(30000))
        jenis = acak.choice((1, 2))
        hari = lahir.day + (40 if jenis == 2 else 0)
        nama = f"{acak.choice(_DEPAN)} {acak.choice(_BELAKANG)} {acak.choice(_BELAKANG)}"
        return Penduduk(
            # 5107 and a number: a region that the demo village does not use
            nik=f"5107{99 - n // 10000:02}{hari:02}{lahir:%m%y}{n % 10000:04}",
            nama=f"{'I' if jenis == 1 else 'Ni'} {nama}",
            jenis_kelamin=jenis,
            tanggal_lahir=lahir,
            tempat_lahir="Bugbug",
            agama=4,
            pekerjaan=11,
            keluarga=keluarga[n // 4],
        )

    for awal in range(0, kurang, _SEKALI):
        Penduduk.objects.bulk_create(satu(n) for n in range(awal, min(awal + _SEKALI, kurang)))
    if not Penduduk.objects.filter(nama=LANGKA).exists():
        Penduduk.objects.create(nama=LANGKA, keluarga=keluarga[0])
        Penduduk.objects.create(nama="I Wayan Suardana", nik="5107991207959999")
    return Penduduk.objects.count()


def kueri(ulang: int) -> dict[str, list[float]]:
    """Milliseconds of what the list does to the database: count, then the first hundred rows."""
    from penduduk.models import Penduduk

    def ukur(teks: str) -> float:
        mulai = time.perf_counter()
        hasil = Penduduk.objects.cari(teks)
        hasil.count()
        list(hasil.select_related("keluarga__banjar").order_by("nama", "pk")[:100])
        return (time.perf_counter() - mulai) * 1000

    waktu: dict[str, list[float]] = {}
    for nama, (teks, _) in CARI.items():
        ukur(teks)
        waktu[nama] = [ukur(teks) for _ in range(ulang)]
    return waktu


# --- Outside ------------------------------------------------------------------------------------


def _halaman(panggung: Panggung, kuki: dict[str, str], ulang: int) -> dict[str, list[float]]:
    """Milliseconds of the whole page, each on a connection of its own."""
    waktu: dict[str, list[float]] = {}
    for nama, (teks, penanda) in CARI.items():
        jalur = f"/kelola/penduduk/penduduk/?q={teks.replace(' ', '+')}"
        pesan = beban.permintaan(panggung.situs, jalur, kuki=kuki)
        isi = beban.minta(panggung.situs, pesan).isi
        if penanda not in gzip.decompress(isi).decode():
            raise Rusak(f"cari “{nama}”: bukan jawaban yang dimaksud")
        waktu[nama] = [_satu(panggung, pesan) for _ in range(ulang)]
    return waktu


def _satu(panggung: Panggung, pesan: bytes) -> float:
    mulai = time.perf_counter()
    if beban.minta(panggung.situs, pesan).status != 200:
        raise Rusak("daftar penduduk tidak terbuka")
    return (time.perf_counter() - mulai) * 1000


def ukur(panggung: Panggung, *, warga: int, ulang: int) -> list[Baris]:
    """Each kind of search in the small village and in the large one."""
    kuki = sesi_petugas(panggung, "operator")
    kecil = panggung.anak("isi_register", jumlah=0)
    sebelum = panggung.anak("cari", ulang=ulang), _halaman(panggung, kuki, ulang)
    besar = panggung.anak("isi_register", jumlah=warga, habis=1200)
    sesudah = panggung.anak("cari", ulang=ulang), _halaman(panggung, kuki, ulang)
    hasil = []
    for apa, batas, lama, baru in zip(
        ("kueri", "halaman"), (100, 400), sebelum, sesudah, strict=True
    ):
        bagian = f"Cari penduduk, {apa} ({besar} warga)"
        hasil += [_baris(bagian, nama, lama[nama], baru[nama], kecil, batas) for nama in CARI]
    return hasil


def _baris(
    bagian: str, nama: str, lama: list[float], baru: list[float], kecil: int, batas: float
) -> Baris:
    p50, p95 = persentil(baru, 50), persentil(baru, 95)
    ini = Baris(bagian, nama, p50, "ms", p50=p50, p95=p95, p99=persentil(baru, 99))
    ini.rasio, ini.terhadap = p50 / persentil(lama, 50), f"{kecil} warga"
    ini.sasaran, ini.tercapai = sasaran_maks(p95, batas, "ms (p95)")
    ini.rinci = {"kecil": lama, "besar": baru}
    return ini
