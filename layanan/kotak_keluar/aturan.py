"""Who is told what, and how: a table that the village can switch, cell by cell.

BAWAAN names every cell there is and its default. Without a row of its own (AturanKabar) a cell has
its default, so that a new step of a later release is told from the first day.
"""

from dataclasses import dataclass

from layanan.models import AturanKabar, Riwayat

P = AturanKabar.Penerima
K = AturanKabar.Kanal
L = Riwayat.Langkah

# Steps of the table beside those of Riwayat.Langkah.
PENGINGAT, PAGI, RINGKASAN_TTD, BELUM_DIAMBIL = "pengingat", "pagi", "ringkasan_ttd", "belum_ambil"
BERKAS, TERLAMBAT = "berkas", "terlambat"

Sel = tuple[str, str, str]  # langkah, penerima, kanal

_WARGA = (
    *(L.AJUKAN, L.AJUKAN_ULANG, L.PROSES, L.MINTA_PERBAIKAN, L.CETAK, L.TANDATANGANI),
    *(L.SERAHKAN, L.TOLAK, L.CABUT),
)
BAWAAN: dict[Sel, bool] = {
    **{(langkah, P.WARGA, kanal): True for langkah in _WARGA for kanal in (K.WA, K.TELEPON)},
    (PENGINGAT, P.WARGA, K.WA): True,
    # Who cannot be reached has been on the list since "siap diambil".
    (PENGINGAT, P.WARGA, K.TELEPON): False,
    (BERKAS, P.WARGA, K.WA): True,
    **{
        (langkah, P.OPERATOR, kanal): True
        for langkah in (L.AJUKAN, L.AJUKAN_ULANG, L.KEMBALIKAN)
        for kanal in (K.WA, K.LENCANA)
    },
    (PAGI, P.OPERATOR, K.WA): True,
    (TERLAMBAT, P.OPERATOR, K.WA): True,
    (TERLAMBAT, P.PENANDATANGAN, K.WA): True,
    (L.MENDESAK, P.PENANDATANGAN, K.WA): True,
    (RINGKASAN_TTD, P.PENANDATANGAN, K.WA): True,
    (L.TANDATANGANI, P.PERANGKAT, K.WA): True,
    (BELUM_DIAMBIL, P.KELIAN, K.WA): True,
}
LABEL = {
    **dict(L.choices),
    PENGINGAT: "Surat 3, 7, 14 hari belum diambil",
    BERKAS: "Berkas permohonan dihapus 14 hari lagi",
    TERLAMBAT: "Permohonan lewat target: operator, lalu sekdes, lalu perbekel",
    PAGI: "Ringkasan pagi, 08.00 WITA",
    RINGKASAN_TTD: "Ringkasan surat yang menunggu tanda tangan",
    BELUM_DIAMBIL: "Surat lebih dari 14 hari belum diambil",
}


class SelTidakAda(ValueError):
    """The table has no such cell."""


@dataclass(frozen=True)
class Aturan:
    """The whole table as it stands, read once."""

    pilihan: dict[Sel, bool]

    def aktif(self, langkah: str, penerima: str, kanal: str) -> bool:
        """False for a cell that does not exist: nobody is told of it."""
        return self.pilihan.get((langkah, penerima, kanal), False)


def baca(langkah: str = "") -> Aturan:
    """The table, or the rows of one step; one query."""
    baris = AturanKabar.objects.filter(langkah=langkah) if langkah else AturanKabar.objects.all()
    beda = {(b.langkah, b.penerima, b.kanal): b.aktif for b in baris}
    return Aturan(BAWAAN | {sel: aktif for sel, aktif in beda.items() if sel in BAWAAN})


def beda(pilihan: dict[Sel, bool]) -> dict[Sel, bool]:
    """Those cells of `pilihan` that are not so now. Raises SelTidakAda."""
    if asing := set(pilihan) - set(BAWAAN):
        raise SelTidakAda(str(min(asing)))
    kini = baca().pilihan
    return {sel: aktif for sel, aktif in pilihan.items() if kini[sel] != aktif}


def ubah(pilihan: dict[Sel, bool]) -> int:
    """Set cells; returns how many changed. Raises SelTidakAda. Call inside a transaction."""
    berubah = beda(pilihan)
    for (langkah, penerima, kanal), aktif in berubah.items():
        AturanKabar.objects.update_or_create(
            langkah=langkah, penerima=penerima, kanal=kanal, defaults={"aktif": aktif}
        )
    return len(berubah)
