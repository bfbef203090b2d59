"""What stands on the page of one request; a constant number of queries."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from layanan.kerja import antrean
from layanan.models import Berkas, Lampiran, Notifikasi, Permohonan, Riwayat
from layanan.permohonan import koreksi, pengisian
from penduduk.identitas import nik, telepon
from penduduk.models import Penduduk
from surat.admin.surat import lencana
from surat.bahasa.orang import identitas
from surat.isian import aturan, jawaban
from surat.isian.macam import KATA, Kasus, kata
from surat.naskah import tercetak
from surat.terbit import keadaan

_FAKTA = frozenset(
    "status_perkawinan jenis_kelamin agama pekerjaan kewarganegaraan shdk banjar".split()
)
_LAIN = 6  # other requests that are listed
_SEKELUARGA = 200  # requests of a family that are looked through


@dataclass(frozen=True)
class Cocokan:
    """One fact: what the request or the letter says, and what the register says."""

    label: str
    permohonan: str
    register: str
    sama: bool


def cocokan(kasus: Kasus, permohonan: Permohonan) -> list[Cocokan]:
    """All that can be compared, the differing first. No query."""
    hasil = []
    for a in aturan.ketentuan(kasus.jenis, kasus.bidang):
        if a.macam not in _FAKTA or aturan.urai(a) is None or not aturan.dilihat(kasus, a):
            continue
        kecuali, harus = kata(a.nilai)
        label, ini = KATA["macam"][a.macam]["label"].capitalize(), " atau ".join(harus)
        for o in kasus.orang(a.siapa):
            kini = o.fakta.get(a.macam, "")
            if kini and (harus != [a.nilai] or a.nilai[0].isupper()):
                nama = label if o.pemohon else f"{label}, {o.nama}"
                surat = f"surat ini untuk {'selain ' if kecuali else ''}{ini}"
                hasil.append(Cocokan(nama, surat, kini, (kini in harus) is not kecuali))
    for kunci, b in kasus.bidang.items():
        if b.tipe in ("penduduk_atau_teks", "tabel_orang"):
            for o in (x for x in kasus.orang(kunci) if x.penduduk and not x.pemohon):
                sebut = o.tertukar or o.fakta["nama"]
                hasil.append(Cocokan(kasus.label(kunci), o.nama, sebut, not o.tertukar))
    akun = getattr(permohonan.pemohon, "akun", None)
    if akun and akun.nomor_hp and permohonan.nomor_hp:
        hp = telepon.tampil(permohonan.nomor_hp), telepon.tampil(akun.nomor_hp)
        hasil.append(Cocokan("Nomor HP", *hp, hp[0] == hp[1]))
    return sorted(dict.fromkeys(hasil), key=lambda x: x.sama)


@dataclass(frozen=True)
class Datang:
    """One thing that was asked to be mended, and what has come: words, or files."""

    label: str
    alasan: str
    lama: str
    baru: str
    berkas_lama: list[Lampiran]
    berkas_baru: list[Lampiran]


def datang(
    riwayat: list[Riwayat], lampiran: list[Lampiran], kasus: Kasus
) -> tuple[Riwayat | None, list[Datang]]:
    """The step that last asked for a mend, and each part of it. No query."""
    L = Riwayat.Langkah
    minta = next((r for r in reversed(riwayat) if r.langkah == L.MINTA_PERBAIKAN), None)
    if minta is None:
        return None, []
    ulang = next((r for r in riwayat if r.langkah == L.AJUKAN_ULANG and r.pk > minta.pk), None)
    dulu = ulang.rincian.get("isian_lama", {}) if ulang else {}
    hasil = []
    for p in minta.putusan:
        lama = baru = ""
        if p["apa"] == "isian" and (b := kasus.bidang.get(p["kunci"])) and ulang:
            nilai = (dulu.get(b.kunci, kasus.jawaban.get(b.kunci)), kasus.jawaban.get(b.kunci))
            lama, baru = (
                jawaban.kata(b.tipe, x, kasus.penduduk, pada=kasus.hari_ini) for x in nilai
            )
        sini = [x for x in lampiran if p["apa"] == "syarat" and x.syarat == p["kunci"]]
        berkas_lama = [x for x in sini if x.ditambah_pada <= minta.pada]
        berkas_baru = [x for x in sini if x.ditambah_pada > minta.pada and not x.diganti_pada]
        hasil.append(Datang(p["label"], p["alasan"], lama, baru, berkas_lama, berkas_baru))
    return minta, hasil


def lain(permohonan: Permohonan) -> dict[str, Any]:
    """Other requests of this person, and the same letter for others of the family."""
    orang = permohonan.pemohon
    semua = Permohonan.objects.select_related("jenis", "pemohon").order_by("-diajukan_pada")
    lain = Penduduk.objects.filter(keluarga=orang.keluarga_id).exclude(pk=orang.pk)
    # Found by their people: by its kind they would be looked for among all of that kind.
    pk = list(lain.values_list("pk", flat=True)) if orang.keluarga_id else []
    sekeluarga = semua.filter(pemohon__in=pk).order_by()[:_SEKELUARGA]
    sama = [satu for satu in sekeluarga if satu.jenis_id == permohonan.jenis_id]
    keluarga = sorted(sama, key=lambda satu: satu.diajukan_pada, reverse=True)[:_LAIN]
    sendiri = semua.filter(pemohon=orang).exclude(pk=permohonan.pk)
    return {"lain": list(sendiri[:_LAIN]), "keluarga": keluarga}


def _peringatan(permohonan: Permohonan) -> list[str]:
    orang = permohonan.pemohon
    if not orang.nik:
        return ["Penduduk ini belum punya NIK."]
    return nik.peringatan(
        orang.nik, tanggal_lahir=orang.tanggal_lahir, jenis_kelamin=orang.jenis_kelamin
    )


def _kembali(riwayat: list[Riwayat]) -> dict[str, Any] | None:
    """How it has come back to the operators, in the words of the page."""
    r = next((r for r in reversed(riwayat) if r.langkah in antrean.KEMBALI), None)
    if r is None:
        return None
    label, oleh = antrean.KEMBALI[Riwayat.Langkah(r.langkah)], r.oleh
    kantor = oleh if oleh and oleh.is_staff else ""
    return {"langkah": r.langkah, "label": label, "catatan": r.catatan, "oleh": kantor}


def halaman(permohonan: Permohonan) -> dict[str, Any]:
    """Everything of the page that does not depend on who looks at it."""
    orang, hari_ini = permohonan.pemohon, timezone.localdate()
    semua = list(permohonan.lampiran.select_related("berkas").order_by("pk"))
    lampiran = [x for x in semua if x.diganti_pada is None]
    syarat = [
        {
            "syarat": s,
            "lampiran": [x for x in lampiran if x.syarat == s.kode],
            "dibawa": s.kode in permohonan.dibawa,
        }
        for s in permohonan.jenis.syarat.all()
    ]
    jenis, jawab = permohonan.jenis, permohonan.isian
    buka = permohonan.status in Permohonan.PERLU_DIKERJAKAN
    kasus = pengisian.kasus(jenis, jawab, pemohon=orang, hari=hari_ini)
    riwayat = list(permohonan.riwayat.select_related("oleh", "surat"))
    diminta, diterima = datang(riwayat, semua, kasus)
    surat = permohonan.surat
    dicetak = surat if permohonan.status == Permohonan.Status.DICETAK else None
    return {
        "temuan": aturan.periksa(kasus, aturan.ketentuan(jenis, kasus.bidang)) if buka else [],
        "cocokan": cocokan(kasus, permohonan),
        "diminta": diminta,
        "datang": diterima if buka else [],
        "identitas": identitas(orang, pada=hari_ini),
        "peringatan_nik": _peringatan(permohonan),
        "nomor_hp": telepon.tampil(permohonan.nomor_hp),
        "surat_lama": koreksi.tentang_surat_lama(permohonan, hari=hari_ini),
        "jawaban": jawaban.dalam_kata(jenis, jawab, pada=hari_ini, penduduk=kasus.penduduk),
        "syarat": syarat,
        "lembar": [x for x in syarat if x["lampiran"]],
        "buka": Permohonan.TERBUKA,
        "ada_diperiksa": any(x.berkas.keadaan == Berkas.Keadaan.DIPERIKSA for x in lampiran),
        "riwayat": riwayat,
        "kembali": _kembali(riwayat) if buka else None,
        "pesan": Notifikasi.objects.tentang(permohonan)
        .select_related("penerima", "ditangani_oleh")
        .order_by("pk"),
        "penyerahan": getattr(permohonan, "penyerahan", None),
        "kata_asing": tercetak.kata_asing(dicetak.data) if dicetak else [],
        "lencana_surat": lencana(keadaan.lihat(surat, hari=hari_ini)) if surat else "",
        **lain(permohonan),
    }
