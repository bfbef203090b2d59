"""The demo village as written by hand: its office, its letterhead and the people who log in.

Nothing here is real. NIK and KK numbers have the sequence 99xx, which is never reached in
practice; places and officials say CONTOH; PINs and passwords are public.
"""

from dataclasses import dataclass
from datetime import date

from layanan import peran

AWALAN = "510704"  # Kecamatan Karangasem; with the sequence 99xx never a real person's number
URUT_AWAL = 9901

ALAMAT_KANTOR = "Alamat kantor CONTOH"
TELEPON_KANTOR = "(0363) CONTOH"
KOP = ("PEMERINTAH KABUPATEN KARANGASEM", "KECAMATAN KARANGASEM", "DESA BUGBUG")
BANJAR = tuple(f"CONTOH {n}" for n in range(1, 13))
ALAMAT = "Jalan CONTOH Nomor {}"

LAKI, PEREMPUAN = 1, 2
# Codes of the national tables (penduduk/referensi.json) that the demo uses.
KEPALA, ISTRI, ANAK, ORANG_TUA = 1, 3, 4, 7
BELUM_KAWIN, KAWIN, CERAI_MATI = 1, 2, 4
HINDU, WNI = 4, 1
MATI, PINDAH = 2, 3
SEKOLAH_SD, TAMAT_SD, SLTP, SLTA, D3, S1 = 2, 3, 4, 5, 7, 8
TIDAK_BEKERJA, RUMAH_TANGGA, PELAJAR, PENSIUNAN, PNS = 1, 2, 3, 4, 5
PETANI, NELAYAN, SWASTA, HONORER, BURUH, TUKANG_KAYU = 9, 11, 15, 18, 19, 27
GURU, SOPIR, PEDAGANG, WIRASWASTA = 65, 81, 84, 88


def nik(lahir: date, jenis_kelamin: int, urut: int) -> str:
    """A fictitious NIK, built by the rule: 40 is added to a woman's day of birth."""
    hari = lahir.day + (40 if jenis_kelamin == PEREMPUAN else 0)
    return f"{AWALAN}{hari:02}{lahir:%m%y}{urut:04}"


@dataclass(frozen=True)
class Orang:
    """A resident written by hand. `kunci`: has an account and is named so in the requests."""

    nama: str
    jenis_kelamin: int
    lahir: date
    shdk: int
    kawin: int
    pekerjaan: int
    pendidikan: int
    kunci: str = ""

    @property
    def nik(self) -> str:
        return nik(self.lahir, self.jenis_kelamin, URUT_AWAL)


def _o(nama: str, jk: int, lahir: str, *kode: int, kunci: str = "") -> Orang:
    shdk, kawin, pekerjaan, pendidikan = kode
    return Orang(
        nama, jk, date.fromisoformat(lahir), shdk, kawin, pekerjaan, pendidikan, kunci=kunci
    )


# Columns: name, sex, birth date, position in the family, marital status, occupation, education.
KELUARGA_PENGGUNA: tuple[tuple[Orang, ...], ...] = (
    (
        _o("I Wayan Sudarma", 1, "1984-05-17", KEPALA, KAWIN, NELAYAN, SLTA, kunci="wayan"),
        _o("Ni Kadek Astuti", 2, "1987-10-09", ISTRI, KAWIN, PEDAGANG, SLTA),
        _o("Ni Putu Ayuningsih", 2, "2011-02-26", ANAK, BELUM_KAWIN, PELAJAR, TAMAT_SD),
        _o("I Kadek Adi Saputra", 1, "2015-07-14", ANAK, BELUM_KAWIN, PELAJAR, SEKOLAH_SD),
    ),
    (
        _o("I Made Mertayasa", 1, "1988-01-21", KEPALA, KAWIN, SOPIR, SLTA),
        _o("Ni Made Suartini", 2, "1990-08-23", ISTRI, KAWIN, PEDAGANG, SLTA, kunci="made"),
        _o("I Gede Arya Putra", 1, "2016-04-03", ANAK, BELUM_KAWIN, PELAJAR, SEKOLAH_SD),
    ),
    (
        _o("I Nyoman Artawan", 1, "1978-11-02", KEPALA, KAWIN, WIRASWASTA, D3, kunci="nyoman"),
        _o("Ni Nyoman Kariani", 2, "1980-03-19", ISTRI, KAWIN, RUMAH_TANGGA, SLTP),
        _o("I Kadek Wiguna", 1, "2003-09-14", ANAK, BELUM_KAWIN, SWASTA, SLTA, kunci="kadek"),
        _o("Ni Komang Purnami", 2, "2008-12-28", ANAK, BELUM_KAWIN, PELAJAR, SLTP),
    ),
    (
        _o(
            "Ni Ketut Parwati", 2, "1969-01-30", KEPALA, CERAI_MATI, PETANI, TAMAT_SD, kunci="ketut"
        ),
        _o("Ni Putu Lestari", 2, "2001-12-05", ANAK, BELUM_KAWIN, HONORER, S1, kunci="putu"),
        _o("I Kadek Suastika", 1, "2006-06-18", ANAK, BELUM_KAWIN, PELAJAR, SLTA),
    ),
    (
        _o("I Gede Darmayasa", 1, "1995-03-28", KEPALA, KAWIN, SWASTA, SLTA, kunci="gede"),
        _o("Ni Luh Sriani", 2, "1997-09-01", ISTRI, KAWIN, SWASTA, SLTA),
    ),
    (
        _o("I Komang Aryana", 1, "1996-02-11", KEPALA, KAWIN, BURUH, SLTA),
        _o("Ni Komang Yuliani", 2, "1999-06-11", ISTRI, KAWIN, SWASTA, SLTA, kunci="komang"),
    ),
)


@dataclass(frozen=True)
class Pengguna:
    """A resident's demo login. `pin_awal`: the PIN is one-time and must be replaced."""

    kunci: str
    pin: str
    nomor_hp: str
    setuju_wa: bool = True
    pin_awal: bool = False


# The numbers are valid by their form only, so nothing may ever be sent to them (see contoh.muat).
PENGGUNA = (
    Pengguna("wayan", "835172", "+6281200001001"),
    Pengguna("made", "619384", "+6281200001002"),
    Pengguna("nyoman", "405927", "+6281200001003"),
    Pengguna("ketut", "738061", "+6281200001004", setuju_wa=False),
    Pengguna("kadek", "294650", "+6281200001005"),
    Pengguna("putu", "951736", "+6281200001006"),
    Pengguna("gede", "360841", "", pin_awal=True),
    Pengguna("komang", "572093", "", pin_awal=True),
)
# Heads of generated families (by their place in the list) who have sent requests, too; nobody
# knows their PIN.
KEPALA_LAIN = {"lain1": 4, "lain2": 15, "lain3": 27, "lain4": 38}


@dataclass(frozen=True)
class Petugas:
    """A staff account of the demo; `jabatan` makes its owner an official who may sign."""

    username: str
    password: str
    nama: str
    grup: tuple[str, ...]
    masuk_di: str
    nomor_hp: str = ""
    jabatan: str = ""
    sebagai: str = ""


PETUGAS = (
    Petugas(
        "operator",
        "rapat-contoh-operator",
        "Operator CONTOH Satu",
        (peran.OPERATOR,),
        "/kelola/",
        nomor_hp="+6281200000001",
    ),
    Petugas(
        "operator2",
        "rapat-contoh-operator-dua",
        "Operator CONTOH Dua",
        (peran.OPERATOR,),
        "/kelola/",
        nomor_hp="+6281200000002",
    ),
    Petugas(
        "perbekel",
        "rapat-contoh-perbekel",
        "I Nyoman CONTOH Perbekel",
        (peran.PENANDA_TANGAN,),
        "/meja/",
        jabatan="Perbekel",
        sebagai="DEFINITIF",
    ),
    Petugas(
        "sekdes",
        "rapat-contoh-sekdes",
        "Ni Luh CONTOH Sekretaris",
        (peran.PENANDA_TANGAN,),
        "/meja/",
        jabatan="Sekretaris Desa",
        sebagai="AN",
    ),
    Petugas(
        "admin",
        "rapat-contoh-admin",
        "Admin Desa CONTOH",
        (peran.ADMIN_DESA, peran.OPERATOR),
        "/kelola/",
    ),
)
# Kelian Banjar Dinas of the first banjar, who bring letters home.
KELIAN = ("I Ketut CONTOH Kelian Satu", "I Made CONTOH Kelian Dua")
