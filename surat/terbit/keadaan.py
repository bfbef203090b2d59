"""In which state an issued letter is: the one place that says so, for the public check, the office,
the resident's page and the books.

Where two things happened to a letter, the stronger word counts, in this order:

1. BATAL        sent back before the signature: it never held, whatever came later
2. BELUM_TTD    not signed: nothing else can be said of it yet
3. DICABUT      withdrawn: a warning must not vanish behind a successor or a date
4. DIGANTI      a correction was signed: whoever holds it has to ask for the new letter
5. KEDALUWARSA  its last day is over
6. BERLAKU      none of these

A correction that is not signed yet changes nothing: until then the old letter holds.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, TextChoices

from surat.bahasa import tanggal as tgl
from surat.models import Surat


class Kode(TextChoices):
    BATAL = "BATAL", "batal"
    BELUM_TTD = "BELUM_TTD", "belum ditandatangani"
    BERLAKU = "BERLAKU", "berlaku"
    KEDALUWARSA = "KEDALUWARSA", "kedaluwarsa"
    DIGANTI = "DIGANTI", "diganti"
    DICABUT = "DICABUT", "dicabut"


@dataclass(frozen=True)
class Keadaan:
    """`sejak`: the first day in WITA on which it is so; None for a letter that waits or holds.
    `alasan`: the public reason of a withdrawal; that of a void letter is the office's own matter.
    `pengganti`: the signed successor, also of a letter that was withdrawn as well."""

    kode: Kode
    sejak: date | None = None
    alasan: str = ""
    pengganti: Surat | None = None

    @property
    def berlaku(self) -> bool:
        return self.kode is Kode.BERLAKU

    @property
    def ditarik(self) -> bool:
        """Withdrawn or replaced: not to be handed over or used any more."""
        return self.kode in (Kode.DICABUT, Kode.DIGANTI)


def lengkapi(daftar: QuerySet[Surat]) -> QuerySet[Surat]:
    """`daftar` with what `lihat` looks at; one query more, however many letters."""
    return daftar.select_related("tanda_tangan").prefetch_related(relasi())


def relasi(awalan: str = "") -> Prefetch:
    """The successors that count, for querysets that reach letters by the path `awalan`."""
    sah = Surat.objects.filter(batal_pada__isnull=True).select_related("tanda_tangan")
    sah = sah.defer("data")  # the content of a letter is much, and says nothing about its state
    return Prefetch(f"{awalan}pengganti", sah)


def _pengganti(surat: Surat) -> Surat | None:
    """The successor that was signed; one at most (constraint surat_diganti_sekali)."""
    for satu in surat.pengganti.all():
        if satu.batal_pada is None and hasattr(satu, "tanda_tangan"):
            return satu
    return None


def lihat(surat: Surat, *, hari: date) -> Keadaan:
    """The state of `surat`, with all that has happened to it so far; `hari` (WITA) decides
    whether it has expired."""
    if surat.batal_pada:
        return Keadaan(Kode.BATAL, tgl.di_wita(surat.batal_pada))
    if not hasattr(surat, "tanda_tangan"):
        return Keadaan(Kode.BELUM_TTD)
    pengganti = _pengganti(surat)
    if surat.dicabut_pada:
        sejak = tgl.di_wita(surat.dicabut_pada)
        return Keadaan(Kode.DICABUT, sejak, surat.dicabut_alasan, pengganti)
    if pengganti:
        sejak = tgl.di_wita(pengganti.tanda_tangan.pada)
        return Keadaan(Kode.DIGANTI, sejak, pengganti=pengganti)
    if surat.berlaku_sampai and surat.berlaku_sampai < hari:
        return Keadaan(Kode.KEDALUWARSA, surat.berlaku_sampai + timedelta(days=1))
    return Keadaan(Kode.BERLAKU)


def ada_pengganti(kolom: str = "pk") -> Exists:
    """For a queryset whose rows name a letter in `kolom`: whether its correction was signed."""
    return Exists(
        Surat.objects.filter(
            menggantikan=OuterRef(kolom), batal_pada__isnull=True, tanda_tangan__isnull=False
        )
    )


def saring(daftar: QuerySet[Surat], kode: str, *, hari: date) -> QuerySet[Surat]:
    """Those of `daftar` that `lihat` calls `kode`; none for a word that is no state."""
    diganti, sah = ada_pengganti(), Q(batal_pada__isnull=True)
    ditandatangani = sah & Q(tanda_tangan__isnull=False)
    utuh = ditandatangani & Q(dicabut_pada__isnull=True)
    tinggal = utuh & ~diganti
    habis = Q(berlaku_sampai__isnull=False, berlaku_sampai__lt=hari)
    syarat = {
        Kode.BATAL: ~sah,
        Kode.BELUM_TTD: sah & Q(tanda_tangan__isnull=True),
        Kode.DICABUT: ditandatangani & Q(dicabut_pada__isnull=False),
        Kode.DIGANTI: utuh & diganti,
        Kode.KEDALUWARSA: tinggal & habis,
        Kode.BERLAKU: tinggal & ~habis,
    }
    if kode not in Kode.values:
        return daftar.none()
    return daftar.filter(syarat[Kode(kode)])
