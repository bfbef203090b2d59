"""The page on which the village decides who is told what, and how: one table, one form."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect

from layanan.kotak_keluar import aturan
from layanan.models import AturanKabar, Riwayat
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.halaman import halaman, tampilkan

P, K, L = AturanKabar.Penerima, AturanKabar.Kanal, Riwayat.Langkah
_RIWAYAT = 10  # last changes below the table

# What the recipient reads, where the name of the step does not say it.
_KABAR: dict[str, str] = {
    L.AJUKAN: "“permohonan diterima”; kepada operator “permohonan baru”",
    L.AJUKAN_ULANG: "“permohonan diterima”; kepada operator “permohonan baru”",
    L.PROSES: "“sedang diproses”",
    L.MINTA_PERBAIKAN: "“perlu diperbaiki”",
    L.CETAK: "“menunggu tanda tangan”",
    L.TANDATANGANI: "“siap diambil”, dengan kode pengambilan",
    L.SERAHKAN: "“sudah diambil”",
    L.TOLAK: "“tidak dapat dipenuhi”",
    L.CABUT: "“surat dicabut”",
    L.MENDESAK: "“surat mendesak”",
}
# What becomes of whoever is not told; for those cells where somebody would be left waiting.
_AKIBAT = {
    (L.MINTA_PERBAIKAN, P.WARGA): "Warga tidak tahu harus memperbaiki; permohonannya diam.",
    (L.TANDATANGANI, P.WARGA): "Warga tidak tahu suratnya siap diambil dan kodenya apa.",
    (L.TOLAK, P.WARGA): "Warga terus menunggu surat yang tidak akan ada.",
    (L.CABUT, P.WARGA): "Warga memakai surat yang tidak berlaku lagi.",
    (L.SERAHKAN, P.WARGA): "Warga tidak tahu bila suratnya diambil orang lain.",
    (L.AJUKAN, P.OPERATOR): "Permohonan baru baru terlihat saat antrean dibuka.",
    (L.KEMBALIKAN, P.OPERATOR): "Surat yang dikembalikan baru terlihat saat antrean dibuka.",
    (L.MENDESAK, P.PENANDATANGAN): "Surat mendesak menunggu ringkasan berikutnya.",
}


def _kolom() -> list[tuple[str, str]]:
    """(recipient, channel) of every column, recipients side by side."""
    dipakai = {(penerima, kanal) for _, penerima, kanal in aturan.BAWAAN}
    return [(p, k) for p in P.values for k in K.values if (p, k) in dipakai]


def nama_bidang(sel: aturan.Sel) -> str:
    return "-".join(sel)


@halaman(
    "layanan/siapa-dikabari/",
    nama="layanan_siapa_dikabari",
    izin="layanan.change_aturankabar",
    metode="GET POST",
)
def siapa_dikabari(request: AuthenticatedRequest) -> HttpResponse:
    """The table with its boxes; an empty box of the form means no."""
    if request.method == "POST":
        return _simpan(request)
    tabel = aturan.baca()
    kolom = _kolom()
    return tampilkan(
        request,
        "admin/layanan/aturan/halaman.html",
        "Siapa dikabari apa",
        kepala=[
            (P(penerima).label, len(list(isi)))
            for penerima, isi in groupby(kolom, key=lambda k: k[0])
        ],
        kanal=[K(kanal).label for _, kanal in kolom],
        baris=[
            {"label": label, "kabar": _KABAR.get(langkah, ""), "sel": sel}
            for langkah, label in aturan.LABEL.items()
            if any(sel := [_sel(tabel, langkah, p, k) for p, k in kolom])
        ],
        akibat=_diam(tabel),
        semula=" ".join(nama_bidang(sel) for sel, aktif in tabel.pilihan.items() if aktif),
        riwayat=_riwayat(),
    )


def _sel(tabel: aturan.Aturan, langkah: str, penerima: str, kanal: str) -> dict[str, Any] | None:
    sel = (langkah, penerima, kanal)
    if sel not in aturan.BAWAAN:
        return None
    label = f"{aturan.LABEL[langkah]}: {P(penerima).label}, {K(kanal).label}"
    return {
        "nama": nama_bidang(sel),
        "aktif": tabel.aktif(*sel),
        "label": label,
        "bawaan": aturan.BAWAAN[sel],
    }


def _diam(tabel: aturan.Aturan) -> list[tuple[str, str]]:
    """What follows from the table as it stands: steps of which somebody hears in no way."""
    return [
        (f"{aturan.LABEL[langkah]}, {P(penerima).label}", kalimat)
        for (langkah, penerima), kalimat in _AKIBAT.items()
        if not any(tabel.aktif(langkah, penerima, kanal) for kanal in (K.WA, K.LENCANA))
    ]


def _simpan(request: AuthenticatedRequest) -> HttpResponse:
    # Only what was changed on this page: meanwhile a colleague may have changed the rest.
    semula = request.POST.get("semula", "").split()
    centang = {sel: nama_bidang(sel) in request.POST for sel in aturan.BAWAAN}
    pilihan = {sel: ya for sel, ya in centang.items() if ya != (nama_bidang(sel) in semula)}
    with transaction.atomic():
        berubah = aturan.beda(pilihan)
        aturan.ubah(berubah)
        for baris in AturanKabar.objects.all():
            aktif = berubah.get((baris.langkah, baris.penerima, baris.kanal))
            if aktif is not None:
                kata = "Dinyalakan." if aktif else "Dimatikan."
                LogEntry.objects.log_actions(
                    request.user.pk, [baris], CHANGE, kata, single_object=True
                )
    if berubah:
        messages.success(request, f"{len(berubah)} pengaturan kabar diubah, berlaku sekarang.")
    else:
        messages.info(request, "Tidak ada yang berubah.")
    return redirect("admin:layanan_siapa_dikabari")


def _riwayat() -> list[dict[str, Any]]:
    """The last changes: when, who, which cell, in words."""
    jenis = ContentType.objects.get_for_model(AturanKabar)
    entri = LogEntry.objects.filter(content_type=jenis).select_related("user")
    baris = list(entri.order_by("-action_time", "-pk")[:_RIWAYAT])
    sel = AturanKabar.objects.in_bulk([int(e.object_id) for e in baris if e.object_id])
    return [
        {
            "pada": e.action_time,
            "oleh": e.user,
            "kata": e.get_change_message(),
            "apa": _sebut(sel[int(e.object_id)]),
        }
        for e in baris
        if e.object_id and int(e.object_id) in sel
    ]


def _sebut(baris: AturanKabar) -> str:
    label = aturan.LABEL.get(baris.langkah, baris.langkah)
    return f"{label}: {baris.get_penerima_display()}, {baris.get_kanal_display()}"
