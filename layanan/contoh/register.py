"""The register of the demo village: twelve banjar, families by chance but always the same ones."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from simple_history.utils import bulk_create_with_history

from layanan.contoh import data
from layanan.contoh.data import ANAK, ISTRI, KAWIN, KEPALA, LAKI, ORANG_TUA, PEREMPUAN
from penduduk.models import Banjar, Keluarga, Penduduk

JUMLAH_KELUARGA_ACAK = 78
_HARI_INI = date(2026, 1, 1)  # ages are counted from here, so that NIK are the same every year
_BENIH = 51070420
_ALASAN = "desa contoh"

# First names tell the order of birth: first, second, third, fourth child, then again the first.
_URUT_TUA = ("Wayan", "Made", "Nyoman", "Ketut")
_URUT_MUDA = {
    LAKI: ("Putu Gede Wayan", "Kadek Made", "Komang Nyoman", "Ketut"),
    PEREMPUAN: ("Putu Luh Wayan", "Kadek Made", "Komang Nyoman", "Ketut"),
}
# Families with a caste name, by their place in the list: the man's title and the woman's.
_WANGSA = {
    11: ("Ida Bagus", "Ida Ayu"),
    34: ("I Gusti", "I Gusti Ayu"),
    61: ("Anak Agung", "Anak Agung Ayu"),
}
_NAMA_TUA = {
    LAKI: "Sadra Kantun Rentang Suweca Gambar Sudana Pageh Merta Sukra Lemes".split(),
    PEREMPUAN: "Rentin Nadi Rupi Sari Kerti Sukri Rasmi Tantri Wati Karmi".split(),
}
_NAMA_DEWASA = {
    LAKI: (
        "Suardana Budiasa Wirawan Sukerta Parwata Sugita Widiana Adnyana Suarjana Kariasa Sumerta "
        "Yudana Arimbawa Dharmawan Putrawan Winaya Sukarsa Mudita Sujana Wardana Suparta Subagia"
    ).split(),
    PEREMPUAN: (
        "Sukerti Suryani Artini Wahyuni Puspitasari Mertasih Suciati Darmini Widiastuti Pratiwi "
        "Yuliantari Sutarmi Rasmini Wartini Sudiani Murniati Sumiati Budiani Ariani Sukarni Resmini"
    ).split(),
}
_NAMA_MUDA = {
    LAKI: (
        "Mahendra Pradnyana Saputra Wijaya Pranata Adiputra Krisna Bayu Dharma Aditya Surya "
        "Pramana Yoga Satria Wisnu Eka Jaya Agus Juliana Prasetya"
    ).split(),
    PEREMPUAN: (
        "Anggreni Dewi Cahyani Paramita Maharani Savitri Indriani Permata Puspita Wulandari "
        "Sintya Kirana Widya Ratna Intan Melati Ayu Dian Citra Prameswari"
    ).split(),
}
_KERJA = {
    LAKI: (
        *[data.NELAYAN] * 4,
        *[data.PETANI] * 3,
        *[data.SWASTA] * 4,
        *[data.BURUH] * 2,
        *[data.WIRASWASTA] * 2,
        data.SOPIR,
        data.TUKANG_KAYU,
        data.PNS,
        data.GURU,
    ),
    PEREMPUAN: (
        *[data.RUMAH_TANGGA] * 4,
        *[data.PEDAGANG] * 4,
        *[data.SWASTA] * 3,
        data.PETANI,
        data.HONORER,
        data.GURU,
        data.WIRASWASTA,
    ),
}


@dataclass(frozen=True)
class Register:
    """What was written: residents by the names that layanan.contoh.kisah gives them."""

    orang: dict[str, Penduduk]
    jumlah: int


@dataclass
class _Penulis:
    """Invents people and families; keeps the sequence numbers that are in use."""

    rng: random.Random = field(default_factory=lambda: random.Random(_BENIH))
    urut: Counter[str] = field(default_factory=Counter)
    nomor_rumah: count = field(default_factory=lambda: count(1))

    def nik(self, lahir: date, jenis_kelamin: int) -> str:
        dasar = data.nik(lahir, jenis_kelamin, 0)[:12]
        self.urut[dasar] += 1
        return f"{dasar}{data.URUT_AWAL - 1 + self.urut[dasar]}"

    def kk(self, banjar: Banjar) -> Keluarga:
        terbit = date(2012, 1, 1) + timedelta(days=self.rng.randrange(4700))
        dasar = f"{data.AWALAN}{terbit:%d%m%y}"
        self.urut[f"kk{dasar}"] += 1
        return Keluarga(
            no_kk=f"{dasar}{data.URUT_AWAL - 1 + self.urut[f'kk{dasar}']}",
            alamat=data.ALAMAT.format(next(self.nomor_rumah)),
            banjar=banjar,
        )

    def nama(self, usia: int, jenis_kelamin: int, anak_ke: int, wangsa: tuple[str, str]) -> str:
        gudang = _NAMA_TUA if usia > 65 else _NAMA_DEWASA if usia > 27 else _NAMA_MUDA
        sendiri = self.rng.choice(gudang[jenis_kelamin])
        if wangsa[0]:
            return f"{wangsa[jenis_kelamin - 1]} {sendiri}"
        depan = _URUT_TUA[anak_ke % 4]
        if usia <= 45:
            depan = self.rng.choice(_URUT_MUDA[jenis_kelamin][anak_ke % 4].split())
        return f"{'I' if jenis_kelamin == LAKI else 'Ni'} {depan} {sendiri}"

    def kerja(self, usia: int, jenis_kelamin: int) -> int:
        if usia < 6:
            return data.TIDAK_BEKERJA
        if usia < 19 or (usia < 23 and self.rng.random() < 0.5):
            return data.PELAJAR
        if usia > 75:
            return data.TIDAK_BEKERJA
        return self.rng.choice(_KERJA[jenis_kelamin])

    def sekolah(self, usia: int) -> int:
        if usia < 19:
            batas = ((6, 1), (12, data.SEKOLAH_SD), (15, data.TAMAT_SD), (19, data.SLTP))
            return next(kode for sampai, kode in batas if usia < sampai)
        if usia > 65:
            return self.rng.choice((1, data.SEKOLAH_SD, data.TAMAT_SD))
        return self.rng.choice((data.TAMAT_SD, data.SLTP, data.SLTA, data.SLTA, data.D3, data.S1))

    def orang(
        self,
        *,
        usia: int,
        jenis_kelamin: int,
        shdk: int,
        kawin: int = data.BELUM_KAWIN,
        anak_ke: int | None = None,
        wangsa: tuple[str, str] = ("", ""),
        keluarga: Keluarga,
    ) -> Penduduk:
        lahir = _HARI_INI - timedelta(days=usia * 365 + usia // 4 + self.rng.randrange(1, 365))
        if anak_ke is None:
            anak_ke = self.rng.randrange(4)
        return Penduduk(
            nik=self.nik(lahir, jenis_kelamin),
            nama=self.nama(usia, jenis_kelamin, anak_ke, wangsa),
            jenis_kelamin=jenis_kelamin,
            tempat_lahir=self.rng.choice(["Bugbug"] * 6 + ["Karangasem", "Amlapura", "Denpasar"]),
            tanggal_lahir=lahir,
            agama=data.HINDU,
            pendidikan=self.sekolah(usia),
            pekerjaan=self.kerja(usia, jenis_kelamin),
            status_perkawinan=kawin,
            kewarganegaraan=data.WNI,
            golongan_darah=self.rng.choice((1, 2, 3, 4, 13, 13, 13, 13)),
            keluarga=keluarga,
            shdk=shdk,
        )

    def keluarga_acak(self, ke: int, keluarga: Keluarga) -> list[Penduduk]:
        """Parents or one widowed parent, up to four children, sometimes the grandparents."""
        rng, wangsa = self.rng, _WANGSA.get(ke, ("", ""))
        usia_ayah = rng.randint(28, 64)
        usia_ibu = max(24, usia_ayah - rng.randint(0, 6))
        sendiri = ke not in data.KEPALA_LAIN.values() and rng.random() < 0.1
        status = data.CERAI_MATI if sendiri else KAWIN
        ibu = self.orang(
            usia=usia_ibu,
            jenis_kelamin=PEREMPUAN,
            shdk=KEPALA if sendiri else ISTRI,
            kawin=status,
            wangsa=wangsa,
            keluarga=keluarga,
        )
        ayah = self.orang(
            usia=usia_ayah,
            jenis_kelamin=LAKI,
            shdk=KEPALA,
            kawin=status,
            wangsa=wangsa,
            keluarga=keluarga,
        )
        tua = [] if sendiri or rng.random() > 0.25 else self.kakek_nenek(usia_ayah, keluarga)
        for orang_tua in tua:
            setattr(
                ayah, "nama_ayah" if orang_tua.jenis_kelamin == LAKI else "nama_ibu", orang_tua.nama
            )
        return [
            *([ibu] if sendiri else [ayah, ibu]),
            *self.anak(usia_ibu, ayah, ibu, wangsa, keluarga),
            *tua,
        ]

    def anak(
        self,
        usia_ibu: int,
        ayah: Penduduk,
        ibu: Penduduk,
        wangsa: tuple[str, str],
        keluarga: Keluarga,
    ) -> list[Penduduk]:
        """Children who still live at home, oldest first, each with the name of its place."""
        usia, hasil = usia_ibu - self.rng.randint(21, 25), []
        for ke in range(self.rng.choice((1, 2, 2, 2, 3, 3, 4))):
            if 0 <= usia <= 27:
                satu = self.orang(
                    usia=usia,
                    jenis_kelamin=self.rng.choice((LAKI, PEREMPUAN)),
                    shdk=ANAK,
                    anak_ke=ke,
                    wangsa=wangsa,
                    keluarga=keluarga,
                )
                satu.nama_ayah, satu.nama_ibu = ayah.nama, ibu.nama
                hasil.append(satu)
            usia -= self.rng.randint(2, 5)
        return hasil

    def kakek_nenek(self, usia_anak: int, keluarga: Keluarga) -> list[Penduduk]:
        usia = min(usia_anak + self.rng.randint(20, 27), 88)
        keduanya = self.rng.random() < 0.4
        nenek = self.orang(
            usia=usia,
            jenis_kelamin=PEREMPUAN,
            shdk=ORANG_TUA,
            kawin=KAWIN if keduanya else data.CERAI_MATI,
            keluarga=keluarga,
        )
        if not keduanya:
            return [nenek]
        kakek = self.orang(
            usia=min(usia + self.rng.randint(0, 5), 92),
            jenis_kelamin=LAKI,
            shdk=ORANG_TUA,
            kawin=KAWIN,
            keluarga=keluarga,
        )
        return [kakek, nenek]

    def keluarga_pengguna(
        self, anggota: tuple[data.Orang, ...], keluarga: Keluarga
    ) -> list[Penduduk]:
        """A family of layanan.contoh.data: people who log in and their relatives."""
        ayah = next((o.nama for o in anggota if o.shdk == KEPALA and o.jenis_kelamin == LAKI), "")
        ibu = next(o.nama for o in anggota if o.jenis_kelamin == PEREMPUAN and o.shdk != ANAK)
        return [
            Penduduk(
                nik=self.nik(o.lahir, o.jenis_kelamin),
                nama=o.nama,
                jenis_kelamin=o.jenis_kelamin,
                tempat_lahir="Bugbug",
                tanggal_lahir=o.lahir,
                agama=data.HINDU,
                pendidikan=o.pendidikan,
                pekerjaan=o.pekerjaan,
                status_perkawinan=o.kawin,
                kewarganegaraan=data.WNI,
                golongan_darah=13,
                keluarga=keluarga,
                shdk=o.shdk,
                nama_ayah=ayah if o.shdk == ANAK else "",
                nama_ibu=ibu if o.shdk == ANAK else "",
            )
            for o in anggota
        ]


def _kotori(orang: list[Penduduk], tulis: _Penulis) -> None:
    """A few rows as every real register has them; heads of families are left alone."""
    tua = [o for o in orang if o.shdk == ORANG_TUA]
    anak = [
        o for o in orang if o.shdk == ANAK and o.pekerjaan not in (data.PELAJAR, data.TIDAK_BEKERJA)
    ]
    bayi = next(o for o in orang if o.shdk == ANAK and o.pekerjaan == data.TIDAK_BEKERJA)
    tua[0].nik = tua[1].nik = bayi.nik = None  # never recorded, or not yet
    tua[2].nama = tua[2].nama.split()[-1]  # older single-word names stay valid
    tua[3].status_dasar = data.MATI
    anak[0].status_dasar = data.PINDAH
    lahir, jenis_kelamin = tua[4].tanggal_lahir, tua[4].jenis_kelamin
    if lahir and jenis_kelamin:  # NIK built from another birth date, kept for life
        tua[4].nik = tulis.nik(lahir.replace(day=1, month=7), jenis_kelamin)
    lahir, jenis_kelamin = anak[1].tanggal_lahir, anak[1].jenis_kelamin
    if lahir and jenis_kelamin:  # NIK that says the other sex
        anak[1].nik = tulis.nik(lahir, LAKI + PEREMPUAN - jenis_kelamin)
    anak[2].nama = anak[2].nama.upper().replace(" ", "  ", 1)
    anak[2].tempat_lahir = ""
    tua[5].agama = tua[5].pendidikan = tua[5].pekerjaan = tua[5].golongan_darah = None


def tulis() -> Register:
    """Write banjar, families and residents of the demo village into an empty register."""
    penulis = _Penulis()
    banjar = Banjar.objects.bulk_create(
        Banjar(nama=nama, kelian=data.KELIAN[i] if i < len(data.KELIAN) else "")
        for i, nama in enumerate(data.BANJAR)
    )
    jumlah = len(data.KELUARGA_PENGGUNA) + JUMLAH_KELUARGA_ACAK
    keluarga = [penulis.kk(banjar[i % len(banjar)]) for i in range(jumlah)]
    bulk_create_with_history(keluarga, Keluarga, default_change_reason=_ALASAN)
    sisa = iter(keluarga)
    pengguna = [penulis.keluarga_pengguna(k, next(sisa)) for k in data.KELUARGA_PENGGUNA]
    acak = [penulis.keluarga_acak(i, satu) for i, satu in enumerate(sisa)]
    _kotori([o for anggota in acak for o in anggota], penulis)
    semua = [o for anggota in (*pengguna, *acak) for o in anggota]
    bulk_create_with_history(semua, Penduduk, default_change_reason=_ALASAN)
    orang = {
        tertulis.kunci: o
        for ditulis, anggota in zip(data.KELUARGA_PENGGUNA, pengguna, strict=True)
        for tertulis, o in zip(ditulis, anggota, strict=True)
        if tertulis.kunci
    }
    orang |= {kunci: acak[ke][0] for kunci, ke in data.KEPALA_LAIN.items()}
    return Register(orang, sum(len(anggota) for anggota in (*pengguna, *acak)))


def tanpa_akun(jumlah: int) -> list[Penduduk]:
    """Grown-up heads of families who cannot log in yet, the youngest first."""
    kepala = Penduduk.objects.hidup().filter(
        shdk=KEPALA, akun__isnull=True, nik__isnull=False, tanggal_lahir__isnull=False
    )
    return list(kepala.select_related("keluarga").order_by("-tanggal_lahir", "pk")[:jumlah])
