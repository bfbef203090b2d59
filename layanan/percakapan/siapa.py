"""Who writes: the chat of an address that the provider has proven, and the person behind it.

A chat is no person and no number. Number and id of a user are joined when one message carries
both; a chat belongs to an account by its number, by a code of "Kabari saya" (which only the page of
a request shows), or because an operator has said so.
"""

import re
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from layanan.models import Percakapan, Permohonan
from layanan.percakapan.bentuk import Bentuk
from penduduk.models import Akun

_JAM = timedelta(hours=1)
_MEKSIKO = re.compile(r"\+521?(\d{10})")


def ambil(pesan: Bentuk, *, pada: datetime) -> Percakapan:
    """The chat of this message, which is counted; the count starts anew every hour. Call in a
    transaction: the row is locked."""
    Percakapan.objects.bulk_create(
        [Percakapan(alamat=pesan.alamat, terakhir_masuk_pada=pada, jam_mulai_pada=pada)],
        ignore_conflicts=True,
    )
    sama = Percakapan.objects.filter(alamat=pesan.alamat)
    sama.filter(jam_mulai_pada__lte=pada - _JAM).update(jam_mulai_pada=pada, jam_jumlah=0)
    sama.update(jam_jumlah=F("jam_jumlah") + 1, terakhir_masuk_pada=pada, nama_wa=pesan.nama_wa)
    _kenali(sama.get(), pesan)
    return sama.get()


def _kenali(orang: Percakapan, pesan: Bentuk) -> None:
    """Join number and id, on this chat and on the other one of the same person."""
    nomor = pesan.nomor_hp or orang.nomor_hp
    id_wa = pesan.id_wa or orang.id_wa
    if id_wa and not nomor:
        kembar = Percakapan.objects.filter(id_wa=id_wa).exclude(nomor_hp="")
        nomor = kembar.values_list("nomor_hp", flat=True).first() or ""
    baru = {"nomor_hp": nomor, "id_wa": id_wa}
    if baru != {"nomor_hp": orang.nomor_hp, "id_wa": orang.id_wa}:
        Percakapan.objects.filter(pk=orang.pk).update(**baru)
    if pesan.nomor_hp and pesan.id_wa:
        Percakapan.objects.filter(alamat=pesan.id_wa, nomor_hp="").update(nomor_hp=nomor)


def bentuk_nomor(nomor_hp: str) -> list[str]:
    """How accounts may have written this number. WhatsApp keeps the 1 that Mexico has given up."""
    if not nomor_hp:
        return []
    if cocok := _MEKSIKO.fullmatch(nomor_hp):
        return [f"+52{cocok[1]}", f"+521{cocok[1]}"]
    return [nomor_hp]


def alamat(orang: Percakapan) -> list[str]:
    """All that messages to this person may be addressed to."""
    return list(dict.fromkeys([orang.alamat, *bentuk_nomor(orang.nomor_hp)]))


def kunci(orang: Percakapan) -> str:
    """What a request for a PIN of this chat is known by: its number, else its address."""
    return orang.nomor_hp or orang.alamat


def akun(orang: Percakapan) -> list[Akun]:
    """Residents' accounts that this chat may act for."""
    milik = Q(nomor_hp__in=bentuk_nomor(orang.nomor_hp)) | Q(pk=orang.akun_id)
    semua = Akun.objects.filter(milik, is_staff=False).select_related("penduduk")
    return list(semua.order_by("pk"))


def permohonan(orang: Percakapan) -> QuerySet[Permohonan]:
    """Requests that are told in this chat or belong to its accounts."""
    milik = Q(nomor_hp__in=bentuk_nomor(orang.nomor_hp)) | Q(kabar_ke=orang)
    milik |= Q(pemohon__akun__in=[satu.pk for satu in akun(orang)])
    return Permohonan.objects.filter(milik).select_related("jenis", "surat")


def milik_sendiri(orang: Percakapan) -> QuerySet[Permohonan]:
    """Of them those whose applicant writes here: to be told at a number that somebody typed is not
    enough to add papers. Who has no account has said the number at the counter."""
    milik = Q(pemohon__akun__in=[satu.pk for satu in akun(orang)]) | Q(kabar_ke=orang)
    return permohonan(orang).filter(milik | Q(pemohon__akun__isnull=True))


def dikenal(orang: Percakapan) -> bool:
    return bool(akun(orang)) or permohonan(orang).exists()


def sebut_jenis(orang: Percakapan) -> bool:
    """Whether the kind of a letter may be named here: the chat is one person's, not a family's."""
    return len(akun(orang)) == 1


def sambungkan(orang: Percakapan, ke: Akun, *, oleh: Akun | None, pada: datetime) -> None:
    """The chat is this account's: an operator says so, or (`oleh` None) its code was sent here."""
    cara = Percakapan.Cara.PETUGAS if oleh else Percakapan.Cara.KABARI
    Percakapan.objects.filter(pk=orang.pk).update(
        akun=ke, terhubung_cara=cara, terhubung_oleh=oleh, terhubung_pada=pada
    )
    orang.refresh_from_db()


def lepaskan(orang: Percakapan) -> None:
    """An operator takes the join back; number and id stay, the provider has proven them."""
    Percakapan.objects.filter(pk=orang.pk).update(
        akun=None, terhubung_cara="", terhubung_oleh=None, terhubung_pada=None
    )
    orang.refresh_from_db()
