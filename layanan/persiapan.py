"""What a village sets up before its first letter, and what of it is still missing.

One list of facts, for the guide of the first run and for the first page of the office. Nothing
is ticked off: each step is derived from what has been filled in.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.urls import reverse

from layanan import peran, transports
from layanan.janji import libur
from layanan.kata_pesan import daftar
from penduduk import desa as desa_
from penduduk.models import Akun, Penduduk
from surat.buku import gerbang
from surat.jenis import bawaan
from surat.models import Mandat, TataNaskah
from surat.naskah import gaya

_TAHAP: list[dict[str, Any]] = json.loads(
    Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
)
KODE = tuple(satu["kode"] for satu in _TAHAP)
IZIN = "surat.change_tatanaskah"  # to go through the guide, and to declare the village ready
CONTOH = "contoh"  # the step of the test letter


@dataclass(frozen=True)
class Kurang:
    """What is still unknown, and the page where it is filled in."""

    kalimat: str
    alamat: str


@dataclass(frozen=True)
class Tahap:
    """One step. `tempat`: addresses and names of the pages where it is done; `wajib`: why no letter
    can be numbered before, "" when one can; `dilewati`: somebody will come back to it."""

    kode: str
    judul: str
    guna: str
    tempat: list[tuple[str, str]]
    kurang: list[Kurang]
    wajib: str
    dilewati: bool

    @property
    def selesai(self) -> bool:
        return not self.kurang


def tahap(akun: Akun, *, pada: datetime) -> list[Tahap]:
    """The steps that `akun` can take, in the order of the guide."""
    boleh = [satu for satu in _TAHAP if akun.has_perm(satu["izin"])]
    if not boleh:
        return []
    tata = gaya.tata_naskah()
    wajib = gerbang.kurang(tata, pada=pada)
    semua = []
    for satu in boleh:
        kode, tempat = satu["kode"], [(reverse(f"admin:{n}"), k) for n, k in satu["tempat"]]
        kalimat = _FAKTA[kode](tata, pada) if kode in _FAKTA else []
        if kode in wajib and not kalimat:
            kalimat = [wajib[kode]]
        semua.append(
            Tahap(
                kode,
                satu["judul"],
                satu["guna"],
                tempat,
                [Kurang(x, _alamat(x, kode, tempat)) for x in kalimat],
                wajib.get(kode, ""),
                kode in tata.dilewati,
            )
        )
    return semua


def kemajuan(semua: list[Tahap], akun: Akun) -> dict[str, Any] | None:
    """How far the guide has come, and the step that is next (None: only the last word is missing).
    None once the village is ready, and for those who cannot declare it so."""
    if not akun.has_perm(IZIN) or gaya.tata_naskah().siap_pada is not None:
        return None
    sisa = [satu for satu in semua if not (satu.selesai or satu.dilewati)]
    selesai = sum(satu.selesai for satu in semua)
    return {"selesai": selesai, "jumlah": len(semua), "berikut": sisa[0] if sisa else None}


def _alamat(kalimat: str, kode: str, tempat: list[tuple[str, str]]) -> str:
    ke = 1 if kalimat.startswith("Banjar") else 0
    return tempat[ke][0] if tempat else f"{reverse('admin:mulai')}#{kode}"


def _bila(kurang: bool, kalimat: str) -> list[str]:
    return [kalimat] if kurang else []


def _akun(tata: TataNaskah, pada: datetime) -> list[str]:
    """Each role needs somebody; an admin who has lost the way in needs another one."""
    ada = Akun.objects.filter(is_active=True, groups__name__in=peran.IZIN).values("groups__name")
    jumlah = dict(ada.annotate(n=Count("pk")).values_list("groups__name", "n"))
    kalimat = [f"Akun: belum ada {nama.lower()}." for nama in peran.IZIN if not jumlah.get(nama)]
    if jumlah.get(peran.ADMIN_DESA) == 1:
        kalimat.append("Akun: baru ada satu admin desa. Buat satu lagi, supaya ada penggantinya.")
    return kalimat


def _jenis(tata: TataNaskah, pada: datetime) -> list[str]:
    jumlah = bawaan.tanpa_aturan()
    return _bila(
        jumlah > 0,
        f"{jumlah} jenis surat yang diubah desa belum punya aturan, jadi isinya tidak "
        "diperiksa. Buka Jenis surat dan lihat bawaan barunya.",
    )


def _wa(tata: TataNaskah, pada: datetime) -> list[str]:
    if transports.tersambung():
        return daftar.peringatan()
    return ["WhatsApp belum tersambung: warga ditelepon. Minta teknisi menyambungkannya."]


def _situs(tata: TataNaskah, pada: datetime) -> list[str]:
    situs = settings.PUBLIC_BASE_URL
    if situs.startswith("https://") or desa_.ambil().contoh:
        return []
    return [f"Alamat situs masih {situs}: kode QR di surat belum dapat dibuka orang lain."]


def _kop(tata: TataNaskah, pada: datetime) -> list[str]:
    """What the letters lack or nobody has confirmed yet."""
    aksara = any((tata.aksara_1, tata.aksara_2, tata.aksara_3))
    belum = {
        "kata-kata kop surat belum diisi": not tata.kop_1,
        "lambang kop surat belum diunggah": tata.lambang_id is None,
        "aksara Bali di kop belum diisi": tata.aksara and not aksara,
        "aksara Bali di kop tidak dicetak sampai diperiksa Penyuluh Bahasa Bali": (
            tata.aksara and aksara and not tata.aksara_diperiksa
        ),
        "skema kode klasifikasi belum dipastikan": not tata.skema_klasifikasi,
    }
    return [f"Tata naskah: {kalimat}." for kalimat, kurang in belum.items() if kurang]


# The other steps are asked for by the gate alone: starting numbers, the test letter.
_FAKTA: dict[str, Callable[[TataNaskah, datetime], list[str]]] = {
    "desa": lambda tata, pada: desa_.belum_lengkap(desa_.ambil()),
    "kop": _kop,
    "akun": _akun,
    "pejabat": lambda tata, pada: _bila(
        not Mandat.objects.exists(), "Pejabat dan mandat tanda tangan belum diisi."
    ),
    "penduduk": lambda tata, pada: _bila(
        not Penduduk.objects.exists(), "Data penduduk belum dimuat."
    ),
    "libur": lambda tata, pada: libur.belum_diisi(pada=pada),
    "jenis": _jenis,
    "wa": _wa,
    "alamat": _situs,
}
