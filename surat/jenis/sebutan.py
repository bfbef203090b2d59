"""What the settings of a letter type are called, for people who have never seen a database."""

from typing import Any

from penduduk import referensi
from surat.models import JenisSurat, Pertanyaan

# Labels of the columns of a type; where the model's own would not be understood.
JENIS = {
    "kode": "Kode",
    "nama": "Nama surat",
    "judul": "Judul di kertas",
    "kelompok": "Kelompok",
    "naskah": "Jenis naskah",
    "tujuan": "Untuk apa",
    "klasifikasi": "Kode klasifikasi arsip",
    "klasifikasi_lama": "Kode klasifikasi arsip (aturan lama)",
    "pengantar_kelian": "Surat pengantar Kelian Banjar Dinas",
    "masa_berlaku_hari": "Masa berlaku (hari)",
    "janji_hari": "Janji selesai (hari kerja)",
    "layanan_mandiri": "Ditawarkan kepada warga",
    "data_sensitif": "Berisi data yang peka",
    "urutan": "Urutan di daftar",
    "subjek": "Surat ini tentang",
    "cetak_identitas": "Cetak tabel identitas",
    "pembuat": "Yang menyatakan",
    "jumlah_saksi": "Jumlah saksi",
    "mengetahui_kelian": "Diketahui Kelian Banjar Dinas",
    "mengetahui_camat": "Diketahui Camat",
    "meterai": "Tempat meterai",
    "pemegang": "Tanda tangan pemegang surat",
    "tembusan": "Tembusan",
    "catatan_warga": "Pesan bagi warga",
    "catatan_petugas": "Hal yang harus diperhatikan petugas",
}
PERTANYAAN = {
    "kunci": "Nama sisipan",
    "label": "Pertanyaan",
    "tipe": "Bentuk jawaban",
    "wajib": "Wajib diisi",
    "bantuan": "Petunjuk",
    "pilihan": "Pilihan jawaban",
    "bila_kunci": "Hanya ditanyakan bila",
    "bila_nilai": "dijawab",
    "batas": "Batas tanggal",
    "tidak_sebelum": "Tidak boleh sebelum",
    "termasuk_meninggal": "Anggota yang sudah meninggal dapat dipilih",
    "disunting": "Ditulis ulang petugas",
    "jenis_kelamin": "Orang ini harus",
    "bukan": "Orang lain daripada",
    "tentang": "Hubungan atau status dari",
}
SYARAT = {
    "kode": "Kode",
    "label": "Dokumen",
    "wajib": "Wajib",
    "boleh_dibawa": "Boleh dibawa ke kantor",
}
KELOMPOK = {
    "kependudukan": "Kependudukan",
    "pencatatan_sipil": "Pencatatan sipil",
    "perkawinan": "Perkawinan",
    "identitas": "Identitas",
    "sosial": "Sosial",
    "ekonomi": "Ekonomi",
    "tanah_waris": "Tanah dan waris",
    "ketertiban": "Ketertiban",
    "umum": "Umum",
}
TIPE: dict[str, dict[str, str]] = {
    "Teks": {
        "teks": "Teks satu baris",
        "teks_panjang": "Teks beberapa baris",
        "alamat": "Alamat",
        "hp": "Nomor HP",
    },
    "Angka": {
        "angka": "Angka bulat",
        "desimal": "Angka dengan koma",
        "rupiah": "Jumlah uang (rupiah)",
        "tahun": "Tahun",
    },
    "Tanggal": {
        "tanggal": "Tanggal",
        "jam": "Jam",
        "tanggal_jam": "Tanggal dan jam",
    },
    "Orang": {
        "penduduk": "Anggota keluarga di KK pemohon",
        "penduduk_atau_teks": "Anggota keluarga, atau orang lain yang ditulis",
        "nama": "Nama bayi yang baru lahir",
    },
    "Daftar dan tabel": {
        "daftar_anggota": "Beberapa anggota keluarga",
        "tabel_orang": "Tabel orang (nama, NIK, hubungan, umur)",
        "tabel_perbedaan": "Tabel perbedaan dua dokumen",
        "pohon": "Silsilah keluarga",
    },
    "Pilihan": {"pilihan": "Pilihan yang ditulis desa"},
}
_RESMI = {
    "jenis_kelamin": "Jenis kelamin",
    "agama": "Agama",
    "pendidikan": "Pendidikan",
    "status_perkawinan": "Status perkawinan",
    "shdk": "Hubungan dalam keluarga",
    "golongan_darah": "Golongan darah",
    "kewarganegaraan": "Kewarganegaraan",
    "status_dasar": "Status penduduk",
    "pekerjaan": "Pekerjaan",
    "hubungan_pelapor": "Hubungan pelapor",
    "jenis_bukti_tanah": "Jenis bukti tanah",
    "pindah_alasan": "Alasan pindah",
    "pindah_klasifikasi": "Tujuan pindah",
    "pindah_jenis": "Siapa yang pindah",
    "pindah_status_kk_pindah": "Status KK bagi yang pindah",
    "pindah_status_kk_tidak_pindah": "Status KK bagi yang tidak pindah",
    "syarat_dokumen": "Jenis dokumen",
}


def pilihan_tipe() -> list[tuple[str, list[tuple[str, str]]]]:
    """All types of answers in groups, for a select."""
    resmi = [(f"ref:{nama}", _RESMI.get(nama, nama)) for nama in referensi.nama_tabel()]
    grup = [(nama, list(isi.items())) for nama, isi in TIPE.items()]
    return [*grup, ("Pilihan resmi", sorted(resmi, key=lambda x: x[1]))]


def tipe(kode: str) -> str:
    """What one type of answer is called."""
    for _, isi in pilihan_tipe():
        if kode in dict(isi):
            return dict(isi)[kode]
    return kode


def kelompok(kode: str) -> str:
    return KELOMPOK.get(kode, kode.replace("_", " ").capitalize())


def nilai(kolom: str, isi: Any) -> str:
    """A value of a type or of a field as the office reads it."""
    if isinstance(isi, bool):
        return "ya" if isi else "tidak"
    if isinstance(isi, list):
        return "; ".join(isi) or "—"
    if isi is None or isi == "":
        return "—"
    if kolom == "tipe":
        return tipe(isi)
    if kolom == "kelompok":
        return kelompok(isi)
    pilihan: dict[Any, Any] = {
        "naskah": JenisSurat.Naskah.choices,
        "pengantar_kelian": JenisSurat.Pengantar.choices,
        "batas": Pertanyaan.Batas.choices,
    }
    if kolom in pilihan:
        return str(dict(pilihan[kolom]).get(isi, isi))
    return str(isi)
