"""Which columns of our tables are personal data: each stands here once, or belongs to a rule.

PRIBADI   by itself names a person, describes one, holds what somebody wrote about one, or opens
          something of theirs (a secret, a code, a path)
BUKAN     states, counters, settings, references to things; times, also of what a person did

Keys of rows (AutoField, UUIDField) and moments called `pada` or `*_pada` are not personal. A
reference to a table of ORANG is: it names one. The history of a table follows the table.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

ORANG = frozenset(
    "penduduk.Akun penduduk.Keluarga penduduk.Penduduk surat.Pejabat layanan.Percakapan".split()
)


class BelumDigolongkan(LookupError):
    """A column stands in no list, in two, or is no column at all; the text names each."""


@dataclass(frozen=True)
class Golongan:
    """The columns of one table that no rule covers, as words of a text."""

    pribadi: str = ""
    bukan: str = ""


G = Golongan
GOLONGAN = {
    "penduduk.Akun": G(
        "username nama nomor_hp nomor_calon password",
        "last_login is_superuser is_staff is_active sebab_beku dibuka_sampai wajib_ganti_pin "
        "pin_berlaku_sampai terima_pemberitahuan groups user_permissions",
    ),
    "penduduk.Banjar": G("kelian nomor_hp_kelian", "nama"),
    "penduduk.BarisImpor": G(
        "nama perubahan catatan", "impor lembar nomor hasil dibuat ragam putusan"
    ),
    "penduduk.Desa": G(
        bukan="nama kode kecamatan kabupaten provinsi kode_pos sebutan_kepala semboyan "
        "alamat_kantor telepon nomor_wa email situs jam_layanan pengumuman contoh "
        "jam_senin jam_selasa jam_rabu jam_kamis jam_jumat jam_sabtu jam_minggu "
        "target_proses target_setujui target_ttd target_serah"
    ),
    "penduduk.Impor": G(
        "nama_berkas berkas alasan catatan dibuat",
        "keadaan jumlah kemajuan total ragam betulkan ikut_ragu percobaan",
    ),
    "penduduk.KejadianAkun": G("rincian nomor_lama", "jenis dikabarkan"),
    "penduduk.Keluarga": G("no_kk alamat rt rw banjar"),
    "penduduk.Ketikan": G("sidik alamat halaman isi berkas", "sesi_berakhir"),
    "penduduk.KodeMasuk": G("sandi", "berlaku_sampai gagal"),
    "penduduk.Penduduk": G(
        "nik nama nama_cari jenis_kelamin tempat_lahir tanggal_lahir agama pendidikan pekerjaan "
        "status_perkawinan kewarganegaraan golongan_darah shdk nama_ayah nama_ibu nik_ayah "
        "nik_ibu status_dasar kolom_lain"
    ),
    "penduduk.Perangkat": G("sidik"),
    "penduduk.PINTerpakai": G("sandi"),
    "penduduk.Percobaan": G("kunci", "jenis gagal terkunci_sampai"),
    "penduduk.Sesi": G("session_key session_data perangkat alamat", "expire_date"),
    "surat.ArsipSurat": G(
        "perihal nama keterangan sidik", "nomor tanggal tanggal_tertulis muatan baris sah"
    ),
    "surat.BukuNomor": G(bukan="kode tahun terakhir mulai_sesudah"),
    "surat.CatatanAgenda": G(
        "pihak isi_singkat keterangan batal_alasan",
        "arah tanggal nomor tanggal_surat buku urut agenda ekspedisi",
    ),
    "surat.EntriBuku": G(bukan="buku tahun urut hari"),
    "surat.Cetakan": G("berkas sha256", "surat keadaan percobaan galat ukuran halaman"),
    "surat.FormulirSurat": G("data sha256", "surat kunci"),
    "surat.JenisSurat": G(
        bukan="kode nama judul kelompok naskah tujuan klasifikasi klasifikasi_lama "
        "pengantar_kelian masa_berlaku_hari janji_hari layanan_mandiri data_sensitif urutan "
        "subjek cetak_identitas penanda pembuat jumlah_saksi mengetahui_kelian mengetahui_camat "
        "meterai pemegang tembusan formulir catatan_warga catatan_petugas sidik_bawaan sidik_isi "
        "revisi klasifikasi_pasti"
    ),
    "surat.Aturan": G(
        bukan="jenis macam siapa nilai kekuatan kalimat bila_kunci bila_nilai urutan"
    ),
    "surat.Lambang": G(bukan="sha256 png lebar tinggi"),
    "surat.Mandat": G(bukan="sebagai dari sampai dasar urutan"),
    "surat.Pengukuhan": G(bukan="mandat jabatan sebagai dari sampai berlaku"),
    "surat.Pejabat": G("nama nip", "jabatan mengantar aktif"),
    "surat.Pertanyaan": G(
        bukan="jenis kunci label tipe wajib bantuan pilihan bila_kunci bila_nilai batas "
        "tidak_sebelum termasuk_meninggal disunting jenis_kelamin bukan tentang urutan"
    ),
    "surat.Surat": G(
        "nama data kode_cek batal_alasan dicabut_alasan",
        "nomor buku urut agenda tanggal jenis templat mandat berlaku_sampai menggantikan dicek",
    ),
    "surat.Syarat": G(bukan="jenis kode label wajib boleh_dibawa urutan"),
    "surat.TandaTangan": G(bukan="surat mandat"),
    "surat.TataNaskah": G(
        "aksara_diperiksa formulir_diperiksa",
        "kop_1 kop_2 kop_3 lambang aksara aksara_1 aksara_2 aksara_3 kertas margin_atas "
        "margin_kanan margin_bawah margin_kiri huruf ukuran_huruf buku skema_klasifikasi "
        "format_nomor nip_di_surat versi_formulir formulir_perbekel formulir_meterai dilewati",
    ),
    "surat.Templat": G(bukan="jenis versi pembuka isi penutup susunan catatan"),
    "layanan.AlasanSiap": G(bukan="untuk teks"),
    "layanan.AnggaranPesan": G("kunci", "hari jumlah"),
    "layanan.AturanKabar": G(bukan="langkah penerima kanal aktif"),
    "layanan.Berkas": G(
        "mentah berkas mini nama_kirim sidik_kirim label",
        "permintaan masuk dokumen keadaan alasan catatan jenis_isi ukuran halaman versi percobaan",
    ),
    "layanan.CatatanKantor": G("teks", "permohonan"),
    "layanan.CatatanWarga": G("teks", "hari lebih"),
    "layanan.Denyut": G(bukan="nama versi selisih"),
    "layanan.Draf": G("keterangan nomor_hp isian", "jenis isian_lengkap dibawa terkirim"),
    "layanan.JawabanWarga": G("teks"),
    "layanan.HariLibur": G(bukan="tanggal nama tutup"),
    "layanan.JatahHarian": G(bukan="hari apa jumlah"),
    "layanan.Jejak": G("sebab", "peran apa tabel objek jumlah"),
    "layanan.KabarBerkala": G(bukan="jenis kunci permohonan banjar"),
    "layanan.KeadaanSaluran": G("dikabari", "keadaan sejak kode_galat lewat_kabar percobaan diam"),
    "layanan.KodeKabari": G("kode", "permohonan"),
    "layanan.LajuKirim": G(bukan="detik jumlah"),
    "layanan.Lampiran": G(bukan="draf permohonan syarat berkas"),
    "layanan.NomorWA": G("nomor_hp", "kode_galat"),
    "layanan.Notifikasi": G(
        "nomor_hp variabel ditangani_catatan",
        "riwayat permintaan kejadian masuk berkala jawaban pesan templat keadaan percobaan ditanya "
        "lewat_jendela tanpa_jendela biaya sid kode_galat galat ditangani_cara hubungi_kali",
    ),
    "layanan.Pegangan": G(bukan="permohonan"),
    "layanan.PengaturanPesan": G(bukan="harga batas peringatan plafon plafon_sehari"),
    "layanan.Penyerahan": G("nama", "permohonan penerima cara ekspedisi"),
    "layanan.Percakapan": G(
        "alamat nomor_hp id_wa nama_wa", "terhubung_cara balasan jam_jumlah pilihan"
    ),
    "layanan.PermintaanPIN": G(
        "nomor_hp nama nik tanggal_lahir nama_wa alasan alamat_sidik", "asal keadaan"
    ),
    "layanan.Permohonan": G(
        "kode_resi keterangan isian formulir perbaikan nomor_hp kode_ambil wakil_nama "
        "wakil_hubungan",
        "nomor draf jenis dibawa kabari_wa status mendesak surat menggantikan wakil_jenis "
        "janji_sisa naik",
    ),
    "layanan.PersetujuanWA": G("nomor_hp", "permohonan setuju versi kanal"),
    "layanan.PesanMasuk": G(
        "teks media", "sid jenis keadaan permintaan permohonan catatan percobaan"
    ),
    "layanan.PesanSimulasi": G("nomor_hp teks", "notifikasi"),
    "layanan.PilihanKabar": G(bukan="jam"),
    "layanan.RantaiJejak": G(bukan="hari sampai jumlah isi sebelum sidik"),
    "layanan.Rekap": G(
        "sebab",
        "permohonan hari jenis banjar loket ke menit_antre menit_kerja menit_warga menit_ttd "
        "menit_ambil tepat kembali",
    ),
    "layanan.RekapKabar": G(bukan="hari pesan jumlah dikirim sampai gagal ditelepon"),
    "layanan.Riwayat": G("catatan rincian", "permohonan langkah dari ke surat"),
    "layanan.TahunLibur": G(bukan="tahun"),
    "layanan.TemplatWA": G(bukan="pesan versi kata bawaan nama sid keadaan alasan"),
}
_RIWAYAT = G("history_change_reason", "id history_date history_type")


def kolom_pribadi(model: type[models.Model]) -> frozenset[str]:
    """The columns of `model` that are personal data. Raises BelumDigolongkan unless every column
    of it is classified, once."""
    asal: type[models.Model] = getattr(model, "instance_type", model)  # of a history table
    golongan = GOLONGAN.get(asal._meta.label, G())
    daftar = [golongan] if asal is model else [golongan, _RIWAYAT]
    pribadi = [nama for g in daftar for nama in g.pribadi.split()]
    bukan = [nama for g in daftar for nama in g.bukan.split()]
    kolom = [*model._meta.fields, *model._meta.many_to_many]
    for satu in kolom:
        menurut = _menurut_aturan(satu)
        if menurut is not None:
            (pribadi if menurut else bukan).append(satu.name)
    nama = {satu.name for satu in kolom}
    dikenal = nama | {satu.name for satu in asal._meta.fields}  # a history may leave some out
    if keluhan := list(_keluhan([*pribadi, *bukan], nama, dikenal)):
        raise BelumDigolongkan(f"{model._meta.label}: {', '.join(keluhan)}")
    return frozenset(pribadi) & nama


def _menurut_aturan(kolom: models.Field) -> bool | None:
    """Whether a column is personal by rule; None: it has to stand in a list."""
    if kolom.remote_field and kolom.remote_field.model._meta.label in ORANG:
        return True
    if kolom.primary_key and isinstance(kolom, models.AutoField | models.UUIDField):
        return False
    if isinstance(kolom, models.DateTimeField) and f"_{kolom.name}".endswith("_pada"):
        return False
    return None


def _keluhan(terdaftar: list[str], kolom: set[str], dikenal: set[str]) -> Iterator[str]:
    yield from (f"{nama} is not classified" for nama in sorted(kolom - {*terdaftar}))
    yield from (f"{nama} is no column" for nama in sorted({*terdaftar} - dikenal))
    yield from (
        f"{nama} stands twice" for nama in sorted({*terdaftar}) if terdaftar.count(nama) > 1
    )
