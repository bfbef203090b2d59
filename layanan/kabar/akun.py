"""Events of accounts become messages: to the resident, or to the office."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from layanan.kotak_keluar import notifikasi
from layanan.models import Notifikasi
from penduduk.akun import penjagaan
from penduduk.identitas import telepon
from penduduk.models import Akun, KejadianAkun

J = KejadianAkun.Jenis

# What the resident reads, on the number of the account. Not a matter of consent to news: these
# guard the account, and the number was given for it (docs/keputusan/0008).
_KEPADA_WARGA = {
    J.PIN_DITERBITKAN: "pin_terbit",
    J.PIN_DIGANTI: "pin_ganti",
    J.NOMOR_DIGANTI: "nomor_ganti",
    J.DIJAGA: "akun_dijaga",
    J.DIBEKUKAN: "akun_dibekukan",
}

# What is said of the account of a member of staff.
_PETUGAS = {
    J.DIJAGA: "kata sandi berkali-kali salah dari peramban baru, jadi peramban baru ditahan",
    J.DIBUKA: "peramban baru boleh mencoba lagi, dibuka {oleh}",
    J.KODE_MASUK: "kode masuk dibuat oleh {oleh}",
    J.SANDI_DIGANTI: "kata sandi diganti oleh {oleh}",
    J.DIBUAT: "akun dibuat oleh {oleh}",
    J.PERAN_DIUBAH: "peran diubah oleh {oleh}: {rincian}",
    J.DIATUR: "diubah oleh {oleh}: {rincian}",
    J.NOMOR_DIGANTI: "nomor HP diganti oleh {oleh}",
    J.DIUSULKAN: "wewenang tanda tangan diusulkan oleh {oleh} dan menunggu pengukuhan: {rincian}",
    J.DIKUKUHKAN: "wewenang tanda tangan dikukuhkan oleh {oleh}: {rincian}",
    J.DILEPAS: "wewenang tanda tangan dilepas oleh {oleh}: {rincian}",
    J.FAKTOR_DIPASANG: "kode kedua dipasang",
    J.FAKTOR_DILEPAS: "kode kedua dilepas oleh {oleh}",
}

_PENANDA = (J.PERAN_DIUBAH, J.DIUSULKAN, J.DIKUKUHKAN, J.DILEPAS)


def kabarkan_yang_menunggu(*, pada: datetime) -> int:
    """Write the messages of every event that was not told yet; returns how many events."""
    jumlah = 0
    for kejadian in (
        KejadianAkun.objects.filter(dikabarkan=False).select_related("akun", "oleh").order_by("pk")
    ):
        with transaction.atomic():
            if not KejadianAkun.objects.filter(pk=kejadian.pk, dikabarkan=False).update(
                dikabarkan=True
            ):
                continue  # another worker tells it
            _kabarkan(kejadian, pada=pada)
        jumlah += 1
    return jumlah


def _kabarkan(kejadian: KejadianAkun, *, pada: datetime) -> None:
    akun = kejadian.akun
    if akun is None:
        _kepada_petugas("petugas_tebakan", kejadian, pada=pada)
        return
    if akun.is_staff:
        _tentang_petugas(kejadian, akun, pada=pada)
        return
    kode = _KEPADA_WARGA.get(J(kejadian.jenis))
    if akun.dibekukan_pada and kejadian.jenis != J.DIBEKUKAN:
        kode = None  # locked meanwhile: nothing is left for the resident to stop
    nomor = kejadian.nomor_lama or akun.nomor_hp
    if kode and nomor and not _sudah_dijawab(kejadian, akun):
        berlink = kejadian.jenis in penjagaan.BERGANTI
        tautan = penjagaan.tautan_bukan_saya(kejadian) if berlink else ""
        # Not all of it: the former number may be somebody else's by now.
        baru = telepon.samarkan(akun.nomor_hp)
        notifikasi.tulis(
            kode,
            nomor_hp=nomor,
            pada=pada,
            konteks={"tautan": tautan, "nomor_baru": baru},
            kejadian=kejadian,
        )
    bukan_saya = akun.sebab_beku == Akun.SebabBeku.BUKAN_SAYA
    if kejadian.jenis == J.DIBEKUKAN and bukan_saya:
        _kepada_petugas("petugas_beku", kejadian, pada=pada)


def _tentang_petugas(kejadian: KejadianAkun, akun: Akun, *, pada: datetime) -> None:
    """To the member of staff and to the admins, wanted or not, and where it is about who signs, to
    the signers; a code to its owner alone. The former number is told of the new one."""
    jenis = J(kejadian.jenis)
    if jenis not in _PETUGAS:
        return
    akun.nomor_hp = kejadian.nomor_lama or akun.nomor_hp
    sendiri = [akun] if akun.nomor_hp else []
    admin = set(penjagaan.admin_lain(akun).exclude(nomor_hp=""))
    if jenis in _PENANDA:
        ttd = Akun.objects.filter(is_active=True, pengukuhan__berlaku=True)
        admin |= set(ttd.exclude(pk=akun.pk).exclude(nomor_hp=""))
    oleh = kejadian.oleh or "pengelola sistem"
    apa = _PETUGAS[jenis].format(oleh=oleh, rincian=kejadian.rincian)
    if jenis == J.KODE_MASUK and kejadian.oleh is None:
        notifikasi.tulis_petugas("kode_petugas", sendiri, pada=pada, kejadian=kejadian)
        sendiri, apa = [], "kode masuk diminta di halaman masuk"
    notifikasi.tulis_petugas(
        "petugas_akun",
        [*sendiri, *sorted(admin, key=lambda satu: satu.pk)],
        pada=pada,
        konteks={"petugas": str(akun), "kejadian": apa},
        kejadian=kejadian,
    )


def _kepada_petugas(kode: str, kejadian: KejadianAkun, *, pada: datetime) -> None:
    notifikasi.kabari_petugas(kode, izin="terbitkan_pin", pada=pada, kejadian=kejadian)


def _sudah_dijawab(kejadian: KejadianAkun, akun: Akun) -> bool:
    """Whether the resident's own BUKAN SAYA by WhatsApp has just been answered there."""
    return (
        kejadian.jenis == J.DIBEKUKAN
        and Notifikasi.objects.filter(
            Q(nomor_hp=akun.nomor_hp) | Q(masuk__percakapan__nomor_hp=akun.nomor_hp),
            pesan="balas_dibekukan",
            dibuat_pada__gte=kejadian.pada,
        ).exists()
    )
