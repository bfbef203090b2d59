"""The requests of the demo village: who asked for what, when, and which steps were taken."""

from dataclasses import dataclass, field
from typing import Any

from layanan.contoh import data
from layanan.permohonan.dampak import Putusan

DIRI, ANGGOTA_LAIN = "@diri", "@anggota"  # the applicant, the next one of the family card


@dataclass(frozen=True)
class Kisah:
    """The story of one request: who asks for what, and the steps it has gone through.

    Sent `hari` working days ago at `pukul` (WITA), or `menit` minutes ago when `hari` is 0.
    """

    pemohon: str
    jenis: str
    jawaban: dict[str, Any]
    langkah: tuple[str, ...] = ()
    hari: int = 0
    pukul: str = "09:00"
    menit: int = 0
    keterangan: str = ""
    operator: str = "operator"
    ttd: str = "perbekel"
    catatan: str = ""
    putusan: list[Putusan] = field(default_factory=list)
    perbaikan: dict[str, str] = field(default_factory=dict)
    diantar: bool = False  # a kelian takes the letter


# Minutes after the request was sent at which each step is taken.
MENIT_LANGKAH = {
    "batalkan": 30,
    "proses": 40,
    "minta_perbaikan": 55,
    "tolak": 60,
    "setujui": 70,
    "cetak": 71,
    "ajukan_ulang": 120,
    "kembalikan": 150,
    "tandatangani": 180,
    "serahkan": 300,
}
_CETAK = ("proses", "setujui", "cetak")
_SIAP = (*_CETAK, "tandatangani")
_SELESAI = (*_SIAP, "serahkan")

_DOMISILI = {"alamat_domisili": data.ALAMAT.format(7), "tinggal_sejak": "2015-04-01"}
_USAHA = {
    "nama_usaha": "Warung CONTOH",
    "jenis_usaha": "warung makan",
    "alamat_usaha": data.ALAMAT.format(9),
    "mulai": 2019,
}

KISAH = (
    Kisah(
        "wayan",
        "domisili",
        _DOMISILI | {"keperluan": "membuka rekening bank"},
        _SELESAI,
        hari=6,
    ),
    Kisah(
        "nyoman",
        "usaha",
        _USAHA | {"keperluan": "mengajukan kredit usaha (KUR)"},
        _SELESAI,
        hari=5,
        pukul="09:20",
        diantar=True,
    ),
    Kisah(
        "kadek",
        "pengantar_skck",
        {"keperluan": "melamar pekerjaan di hotel"},
        _SELESAI,
        hari=4,
        pukul="08:30",
        ttd="sekdes",
        operator="operator2",
    ),
    Kisah(
        "lain1",
        "tidak_mampu",
        {"jumlah_tanggungan": 4, "keperluan": "keringanan biaya sekolah anak"},
        ("proses", "tolak"),
        hari=3,
        catatan=(
            "Menurut keterangan kelian, keluarga ini masih menerima surat yang sama bulan ini. "
            "Pakai surat itu, atau datang ke kantor bila hilang."
        ),
    ),
    Kisah(
        "lain2",
        "domisili",
        _DOMISILI | {"keperluan": "mendaftarkan anak ke sekolah"},
        hari=3,
        pukul="10:15",
        keterangan="Surat pengantar kelian saya bawa sendiri ke kantor.",
    ),
    Kisah(
        "made",
        "usaha",
        _USAHA
        | {"nama_usaha": "Kios CONTOH", "jenis_usaha": "jual ikan", "keperluan": "bantuan UMKM"},
        _SIAP,
        hari=2,
        pukul="08:40",
    ),
    Kisah(
        "putu",
        "belum_menikah",
        {"keperluan": "melamar pekerjaan"},
        _SIAP,
        hari=2,
        ttd="sekdes",
        operator="operator2",
        diantar=True,
    ),
    Kisah(
        "lain3",
        "usaha",
        _USAHA
        | {"nama_usaha": "Bengkel CONTOH", "jenis_usaha": "bengkel motor", "keperluan": "KUR"},
        (*_CETAK, "kembalikan"),
        hari=2,
        pukul="09:30",
        catatan="Keperluan terlalu singkat. Tulis lengkap untuk kredit apa dan di bank mana.",
    ),
    Kisah(
        "ketut",
        "tidak_mampu",
        {
            "pekerjaan_ket": 900000,
            "jumlah_tanggungan": 2,
            "keperluan": "keringanan biaya kuliah anak",
        },
        _CETAK,
        hari=1,
        pukul="08:10",
    ),
    Kisah(
        "lain4",
        "domisili",
        _DOMISILI | {"keperluan": "memasang listrik"},
        _CETAK,
        hari=1,
        pukul="08:25",
        operator="operator2",
    ),
    Kisah(
        "kadek",
        "belum_menikah",
        {"keperluan": "melamar pekerjaan di kapal pesiar"},
        _CETAK,
        hari=1,
        pukul="08:45",
    ),
    Kisah(
        "nyoman",
        "domisili",
        _DOMISILI | {"keperluan": "mengurus pajak kendaraan"},
        ("proses", "minta_perbaikan"),
        hari=1,
        keterangan="Saya bekerja di Denpasar, surat diambil keluarga.",
        putusan=[
            {
                "apa": "syarat",
                "kunci": "ktp",
                "label": "Foto/scan KTP-el pemohon",
                "alasan": "Foto buram, NIK tidak terbaca. Foto ulang di tempat terang.",
            }
        ],
    ),
    Kisah(
        "putu",
        "pengantar_skck",
        {"keperluan": "mendaftar CPNS"},
        ("proses",),
        hari=1,
        pukul="09:15",
    ),
    Kisah(
        "made",
        "tidak_mampu",
        {"jumlah_tanggungan": 1, "keperluan": "bantuan biaya berobat"},
        ("batalkan",),
        hari=1,
        pukul="09:40",
    ),
    Kisah(
        "lain1",
        "pengantar_skck",
        {"keperluan": "kerja"},
        ("minta_perbaikan", "ajukan_ulang"),
        hari=1,
        pukul="10:05",
        putusan=[
            {
                "apa": "isian",
                "kunci": "keperluan",
                "label": "Keperluan",
                "alasan": "Tulis pekerjaan apa dan di mana.",
            }
        ],
        perbaikan={"keperluan": "melamar pekerjaan sebagai satpam di Candidasa"},
    ),
    Kisah(
        "wayan",
        "tidak_mampu",
        {"jumlah_tanggungan": 3, "keperluan": "keringanan biaya sekolah anak"},
        menit=170,
    ),
    Kisah(
        "wayan",
        "usaha",
        _USAHA | {"nama_usaha": "Perahu CONTOH", "jenis_usaha": "jasa perahu", "keperluan": "KUR"},
        ("proses", "setujui"),
        menit=72,
    ),
    Kisah(
        "ketut",
        "domisili",
        _DOMISILI | {"keperluan": "mengurus bantuan pertanian"},
        menit=35,
    ),
    Kisah(
        "lain2",
        "pengantar_skck",
        {"keperluan": "melamar pekerjaan sebagai sopir"},
        menit=8,
    ),
    Kisah(
        "nyoman",
        "beda_identitas",
        {
            "dokumen1": "KTP-el",
            "dokumen2": "Ijazah SMA CONTOH",
            "perbedaan": [
                {"data": "Nama", "dokumen1": "I Nyoman Contoh", "dokumen2": "Nyoman Contoh"},
                {"data": "Tahun lahir", "dokumen1": "1990", "dokumen2": "1991"},
            ],
            "data_benar": "Sesuai KTP-el/KK",
            "keperluan": "mengurus paspor",
        },
        ("proses",),
        menit=50,
    ),
    Kisah(
        "made",
        "tidak_mampu_sekolah",
        {
            "anak": ANGGOTA_LAIN,
            "sekolah": "SMP Negeri CONTOH",
            "kelas": "VIII",
            "penghasilan": 1200000,
            "keperluan": "keringanan biaya sekolah",
        },
        _CETAK,
        hari=1,
        pukul="09:50",
    ),
    Kisah(
        "ketut",
        "kematian",
        {
            "almarhum": ANGGOTA_LAIN,
            "tgl_mati": "2026-11-02",
            "jam_mati": "04:30:00",
            "tempat_mati": "di rumah",
            "sebab": "Sakit biasa/tua",
            "pelapor": DIRI,
            "hub_pelapor": "Anak",
        },
        menit=22,
    ),
)
