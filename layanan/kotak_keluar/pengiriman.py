"""The outbox, sending side: due messages reach the provider.

kotak_keluar.giliran says whose turn it is. The provider is called outside any transaction, by
several threads of one worker, which know no database. A row whose worker died, or whose call was
not answered, is never sent again blindly: the provider is asked first.
"""

import logging
import re
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from layanan import transports
from layanan.kata_pesan import kata, katalog
from layanan.kotak_keluar import giliran, keadaan, nomor_wa, saluran, tanda_terima
from layanan.models import Denyut, Notifikasi
from layanan.transports import Kiriman
from layanan.transports.galat import KELAS, Kelas
from penduduk.akun import kode_masuk, pin
from penduduk.antrean import SEWA

log = logging.getLogger(__name__)
K = Notifikasi.Keadaan

_MUNDUR = timedelta(days=1)  # look-ups reach back this far: clocks differ, some a lot
_PULIH = timedelta(days=30)  # after a restore: until then lost steps are taken again
TANYA_MAKS = 5  # look-ups before a human decides
_KATA_ASING = "Pesan dari versi portal sebelumnya, tidak dapat disusun lagi. Telepon warga."
_SEKALIGUS = 3  # free lines for one claim while others speak: it holds the lock of all workers
_GILIRAN = 20.0  # seconds after which other work of this process gets its turn


def kirim_yang_menunggu() -> int:
    """Hand due messages to the provider; returns how many rows were worked on. After a while it
    stops, so that other work is not kept waiting: see `masih_ada`."""
    try:
        transport = transports.pilih()
    except transports.BelumTersambung:
        lepas_tanpa_saluran(pada=timezone.now())
        return 0
    sekarang = timezone.now()
    saluran.luruskan(pada=sekarang)
    if giliran.jatuh_tempo(sekarang).exists() and not saluran.boleh_mencoba(pada=sekarang):
        return 0
    berhenti = time.monotonic() + _GILIRAN
    jumlah = 0
    with _Jalur(transport, Denyut.objects.filter(nama=Denyut.PULIH_DARI).first()) as jalur:
        while True:
            boleh = time.monotonic() < berhenti and (not jalur.sibuk or jalur.kosong >= _SEKALIGUS)
            for baris in _ambil(jalur.kosong) if boleh else []:
                jumlah += 1
                _mulai(transport, jalur, baris)
            if not jalur.sibuk:
                break
            for tugas, hasil in jalur.tunggu():
                jalur.dengar(tugas, hasil)
                tugas.selesai(hasil)
    if not jumlah and not Notifikasi.objects.antre().exists():
        saluran.coba_tanpa_pesan(pada=timezone.now())
    return jumlah


def masih_ada() -> bool:
    """Whether messages are due at this moment, and may go out."""
    sekarang = timezone.now()
    return giliran.jatuh_tempo(sekarang).exists() and not saluran.kini().berhenti


def lepas_tanpa_saluran(*, pada: datetime) -> None:
    """WhatsApp is not connected: whom the messages were for stands on the call list at once, also
    those that a simulation has kept. What may have gone out before is for a human."""
    sebab: dict[str, Any] = {"kode_galat": "BELUM", "galat": nomor_wa.SEBAB["BELUM"]}
    tiruan = Q(sid__startswith=transports.SIM) | Q(keadaan__in=(K.MENUNGGU, K.SEMENTARA))
    keadaan.pindah(Notifikasi.objects.filter(tiruan), "tak_tersambung", pada=pada, **sebab)
    mati = Q(ambil_lagi_pada__lte=pada)
    keadaan.pindah(
        Notifikasi.objects.filter(keadaan=K.DIAMBIL), "tak_terjawab", pada=pada, jika=mati, **sebab
    )


def sisihkan_tiruan(*, pada: datetime) -> int:
    """What a simulation kept before the village connected WhatsApp has reached nobody: how many
    such messages no longer count as sent."""
    if not settings.PRODUKSI:
        return 0
    kata: dict[str, Any] = {"kode_galat": "BELUM", "galat": nomor_wa.SEBAB["BELUM"]}
    tiruan = Notifikasi.objects.filter(sid__startswith=transports.SIM)
    return keadaan.pindah(tiruan, "tak_tersambung", pada=pada, **kata)


def _ambil(jumlah: int) -> list[Notifikasi]:
    while True:
        try:
            return giliran.ambil(jumlah, pada=timezone.now())
        except giliran.LajuHabis:
            time.sleep(1 - time.time() % 1)


# --- Sending ------------------------------------------------------------------------------------


@dataclass
class _Tugas:
    """One call under way, and what to do with its outcome."""

    baris: Notifikasi
    panggil: Callable[[], Any]
    selesai: Callable[["Future[Any]"], None]


@dataclass
class _Jalur:
    """The lines of one worker to the provider."""

    transport: transports.Transport
    pulih: Denyut | None  # the moment that this database was restored to
    _kolam: ThreadPoolExecutor | None = field(default=None, init=False)
    _jalan: dict["Future[Any]", _Tugas] = field(default_factory=dict, init=False)
    _diam: bool = field(default=True, init=False)  # the last call may not have been answered

    def __enter__(self) -> "_Jalur":
        if self.transport.serentak > 1:
            self._kolam = ThreadPoolExecutor(self.transport.serentak)
        return self

    def __exit__(self, *sebab: object) -> None:
        if self._kolam:
            self._kolam.shutdown()

    @property
    def kosong(self) -> int:
        return self.transport.serentak - len(self._jalan)

    @property
    def sibuk(self) -> bool:
        return bool(self._jalan)

    def mulai(self, tugas: _Tugas) -> None:
        if self._kolam:
            self._jalan[self._kolam.submit(tugas.panggil)] = tugas
            return
        hasil: Future[Any] = Future()
        try:
            hasil.set_result(tugas.panggil())
        except transports.TransportError as galat:
            hasil.set_exception(galat)
        self._jalan[hasil] = tugas

    def dengar(self, tugas: _Tugas, hasil: "Future[Any]") -> None:
        """Count calls without an answer; the first answer after them ends that."""
        galat = hasil.exception()
        if isinstance(galat, transports.TransportError) and galat.kode in saluran.TAK_DIJAWAB:
            self._diam = True
            kini = timezone.now()
            saluran.catat_diam(dicoba_pada=tugas.baris.diambil_pada or kini, pada=kini)
        elif self._diam:
            self._diam = False
            saluran.catat_dijawab()

    def tunggu(self) -> list[tuple[_Tugas, "Future[Any]"]]:
        """The calls that have ended, at least one."""
        selesai, _ = wait(self._jalan, return_when=FIRST_COMPLETED)
        return [(self._jalan.pop(satu), satu) for satu in selesai]


def _mulai(transport: transports.Transport, jalur: _Jalur, baris: Notifikasi) -> None:
    """Ask for a row whose outcome is unknown; send any other. After a restore a clerk takes steps
    once more of which the resident has heard before: what went out then counts."""
    dari = baris.dibuat_pada
    pulih = jalur.pulih.pada if jalur.pulih and baris.riwayat_id and not baris.penerima_id else dari
    if baris.keadaan == K.DIAMBIL or pulih < dari < pulih + _PULIH:
        sejak = max(min(pulih, dari), dari - _PULIH) - _MUNDUR

        def tercari(hasil: "Future[Any]") -> None:
            _setelah_dicari(transport, jalur, baris, hasil)

        jalur.mulai(_Tugas(baris, lambda: transport.cari(baris.nomor_hp, sejak=sejak), tercari))
        return
    _kirim(transport, jalur, baris)


def _setelah_dicari(
    transport: transports.Transport, jalur: _Jalur, baris: Notifikasi, hasil: "Future[Any]"
) -> None:
    try:
        temuan: list[transports.Temuan] = hasil.result()
    except transports.TransportError as galat:
        _tidak_pasti(baris, galat, sudah_ditanya=True)
        return
    sid = yang_cocok(baris, temuan)
    if sid:
        _catat_dikirim(baris, sid)
        return
    sekarang = timezone.now()
    if giliran.usang([baris], pada=sekarang):
        _pindah(baris, "terlambat_dicari", pada=sekarang, galat=giliran.TERLAMBAT)
        return
    # It never got there: this is an attempt of its own.
    baris.percobaan += 1
    if _milik(baris).update(percobaan=baris.percobaan):
        _kirim(transport, jalur, baris)


def yang_cocok(baris: Notifikasi, temuan: list[transports.Temuan]) -> str | None:
    """The id of `baris` among what the provider has got for its number, else None.

    The same step taken twice has the same words; another row's message is not ours, and an
    attempt that the provider itself could not deliver does not count.
    """
    gagal = {s for s, nama in tanda_terima.DARI_TWILIO.items() if nama == "ditolak"}
    cocok = [t.sid for t in temuan if t.status not in gagal and _mungkin(baris, t.teks)]
    lain = Notifikasi.objects.filter(sid__in=cocok).exclude(pk=baris.pk)
    milik_lain = set(lain.values_list("sid", flat=True))
    return next((sid for sid in cocok if sid not in milik_lain), None)


def _kirim(transport: transports.Transport, jalur: _Jalur, baris: Notifikasi) -> None:
    try:
        kiriman = susun(baris, butuh_templat=transport.butuh_templat)
    except pin.TidakBisaMasuk as galat:
        _catat_gagal(baris, transports.GagalTetap("AKUN", str(galat)))
        return
    except transports.GagalTetap as galat:
        _catat_gagal(baris, galat)
        return

    def terkirim(hasil: "Future[Any]") -> None:
        _setelah_dikirim(baris, hasil)

    jalur.mulai(_Tugas(baris, lambda: transport.kirim(kiriman), terkirim))


def _setelah_dikirim(baris: Notifikasi, hasil: "Future[Any]") -> None:
    try:
        sid = str(hasil.result())
    except transports.TidakPasti as galat:
        _tidak_pasti(baris, galat, sudah_ditanya=False)
    except transports.GagalSaluran as galat:
        _ditolak(baris, galat, Kelas.SALURAN)
    except transports.GagalSementara as galat:
        _ditolak(baris, galat, Kelas.SEMENTARA)
    except transports.GagalTetap as galat:
        _ditolak(baris, galat, KELAS.get(galat.kode, Kelas.PESAN))
    else:
        _catat_dikirim(baris, sid)


@sensitive_variables()
def susun(baris: Notifikasi, *, butuh_templat: bool) -> Kiriman:
    """The message ready for the line, in the wording that is in use; what was chosen is kept in
    the row, for a look-up must know it. A PIN is made here and now: each try makes a new one, and
    only the last one opens the account.

    Raises pin.TidakBisaMasuk, or GagalTetap when no approved template can carry it.
    """
    if not katalog.dapat_disusun(baris.pesan, baris.variabel):
        raise transports.GagalTetap("PESAN", _KATA_ASING)
    pilihan = kata.pilih(baris.pesan)
    nilai = _nilai(baris)
    bebas = baris.lewat_jendela and giliran.bebas(baris)
    bebas = bebas or pilihan.pesan.cara is katalog.Cara.BEBAS
    if butuh_templat and not bebas and not pilihan.sid:
        raise transports.GagalTetap(
            "TEMPLAT", f"Templat “{baris.pesan}” belum disetujui WhatsApp. Telepon warga."
        )
    if baris.templat != pilihan.versi or baris.lewat_jendela:
        baris.templat = pilihan.versi
        _milik(baris).update(templat=pilihan.versi, lewat_jendela=baris.lewat_jendela)
    return Kiriman(
        pk=baris.pk,
        percobaan=baris.percobaan,
        nomor_hp=baris.nomor_hp,
        teks=pilihan.pesan.isi(nilai),
        content_sid="" if bebas or not butuh_templat else pilihan.sid,
        variabel=pilihan.pesan.bernomor(nilai),
        rahasia=pilihan.pesan.cara is katalog.Cara.OTENTIKASI,
    )


@sensitive_variables()
def _nilai(baris: Notifikasi) -> dict[str, str]:
    asli = katalog.PESAN[baris.pesan]
    if asli.cara is not katalog.Cara.OTENTIKASI:
        return katalog.terbaca(baris.pesan, baris.variabel) or {}
    if baris.penerima is not None:
        return {asli.variabel[0]: kode_masuk.terbitkan(baris.penerima, pada=timezone.now())}
    permintaan = baris.permintaan
    if permintaan is None or permintaan.penduduk is None:
        raise pin.TidakBisaMasuk("Permintaan PIN ini tidak menunjuk seorang penduduk.")
    return {asli.variabel[0]: pin.terbitkan(permintaan.penduduk, pada=timezone.now())}


def _mungkin(baris: Notifikasi, teks: str) -> bool:
    """Whether a message with this text may be `baris`. Of a code only its template is known here,
    and a provider may hide even that."""
    if not katalog.dapat_disusun(baris.pesan, baris.variabel):
        return False  # `susun` leaves it to a human
    satu = kata.dari_versi(baris.templat) if baris.templat else katalog.PESAN[baris.pesan]
    polos = " ".join(teks.split())
    if satu.cara is katalog.Cara.OTENTIKASI:
        pola = re.escape(satu.teks).replace(re.escape("{{1}}"), r"\w{1,15}")
        return not polos or re.fullmatch(pola, polos) is not None
    nilai = katalog.terbaca(baris.pesan, baris.variabel) or {}
    return polos == " ".join(satu.isi(nilai).split())


# --- Writing down what happened -----------------------------------------------------------------


def _catat_dikirim(baris: Notifikasi, sid: str) -> None:
    sekarang = timezone.now()
    if baris.sebagai_coba:
        dicoba = baris.diambil_pada or sekarang
        saluran.pulih(dicoba_pada=dicoba, terbukti=False, pada=sekarang)
    sama = Notifikasi.objects.filter(pk=baris.pk)
    umum: dict[str, Any] = {"sid": sid, "dikirim_pada": sekarang}
    tanya: dict[str, Any] = {"tanya_pada": tanda_terima.tanya_berikut(sekarang, pada=sekarang)}
    # Not `_pindah`: it went out, whoever holds the claim by now. Unless a callback was faster and
    # said that this very attempt has failed.
    gagal_lebih_dulu = tanda_terima.DITOLAK & Q(percobaan=baris.percobaan)
    if not keadaan.pindah(
        [baris.pk],
        "diterima",
        pada=sekarang,
        jika=~gagal_lebih_dulu,
        galat="",
        kode_galat="",
        **umum,
        **tanya,
    ):
        # A callback was faster and has written a higher state; id and time still belong.
        sama.exclude(gagal_lebih_dulu).update(**umum)
        sama.filter(keadaan=K.TERKIRIM).update(**tanya)


def _sewa(baris: Notifikasi) -> Q:
    """That our claim on it holds: a worker that overslept must not undo the next one."""
    return Q(keadaan=K.DIAMBIL, ambil_lagi_pada=baris.ambil_lagi_pada)


def _milik(baris: Notifikasi) -> QuerySet[Notifikasi]:
    return Notifikasi.objects.filter(_sewa(baris), pk=baris.pk)


def _pindah(baris: Notifikasi, nama: str, *, pada: datetime, **kolom: Any) -> bool:
    return bool(keadaan.pindah([baris.pk], nama, pada=pada, jika=_sewa(baris), **kolom))


def _tidak_pasti(
    baris: Notifikasi, galat: transports.TransportError, *, sudah_ditanya: bool
) -> None:
    """Nobody knows whether it went out: ask later, and in the end let a human decide."""
    if isinstance(galat, transports.GagalSaluran):
        # We may not even ask: that says nothing of the message.
        kini = timezone.now()
        saluran.hentikan(galat.kode, dicoba_pada=kini, lewat_kabar=False, pada=kini)
        _milik(baris).update(ambil_lagi_pada=kini + SEWA, ditanya=max(baris.ditanya - 1, 0))
        return
    log.warning("message %s: provider did not answer (%s)", baris.pk, galat.kode)
    sekarang = timezone.now()
    sejak = saluran.tunggu_sejak(saluran.kini(), baris.dibuat_pada)
    terlalu_lama = sekarang - sejak > tanda_terima.batas(baris)
    sebab = {"galat": galat.pesan, "kode_galat": galat.kode}
    if terlalu_lama or (sudah_ditanya and baris.ditanya >= TANYA_MAKS):
        _pindah(baris, "tak_terjawab", pada=sekarang, **sebab)
        return
    ke = max(baris.percobaan + baris.ditanya, 1)
    _milik(baris).update(ambil_lagi_pada=sekarang + SEWA * min(ke, TANYA_MAKS), **sebab)


def _ditolak(baris: Notifikasi, galat: transports.TransportError, kelas: Kelas) -> None:
    """The provider has certainly not taken it."""
    tanda_terima.ditolak(
        baris,
        galat.kode,
        galat.pesan,
        kelas=kelas,
        lewat_kabar=False,
        jika=_sewa(baris),
        pada=timezone.now(),
    )


def _catat_gagal(baris: Notifikasi, galat: transports.TransportError) -> None:
    sebab = {"galat": galat.pesan, "kode_galat": galat.kode}
    if _pindah(baris, "tak_tersusun", pada=timezone.now(), biaya=None, **sebab):
        log.error("message %s failed for good (%s)", baris.pk, galat.kode)
