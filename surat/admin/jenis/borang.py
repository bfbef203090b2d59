"""The page of a letter type between browser and document: three forms that are one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from surat.admin.jenis.form import (
    AturanFormSet,
    BarisFormSet,
    JenisForm,
    PenandaFormSet,
    PertanyaanFormSet,
    SyaratFormSet,
    usul,
)
from surat.bahasa import templat
from surat.isian import jawaban
from surat.isian.macam import PEMOHON, SUBJEK
from surat.jenis import berkas
from surat.jenis import penanda as penanda_
from surat.jenis.bentuk import JenisTidakSah
from surat.models import JenisSurat

_TANGGAL = {"tanggal", "tanggal_jam"}
# Rows of a formset as they come from a browser or from a document.
_Baris = Sequence[dict[str, Any]]


@dataclass
class Borang:
    form: JenisForm
    isian: BarisFormSet
    syarat: BarisFormSet
    aturan: BarisFormSet
    penanda: BarisFormSet
    galat: list[str] = field(default_factory=list)  # what concerns the whole

    def sah(self) -> bool:
        """Whether each part is right by itself; what they say of each other is checked on
        saving."""
        baris = (self.isian, self.syarat, self.aturan, self.penanda)
        sah = [x.is_valid() for x in (self.form, *baris)]  # all are to complain
        if not all(sah):
            self.galat.append("Ada yang perlu diperbaiki. Lihat bagian yang ditandai di bawah.")
            for satu in baris:
                self.galat += map(str, satu.non_form_errors())
            return False
        bidang = berkas.isian_dari({"bidang": self.isian.baris()})
        for salah in templat.temuan(self.form.cleaned_data["judul"], berkas.nama_isian(bidang)):
            self.form.add_error("judul", str(salah))
        if self.form.errors:
            self.galat.append("Judul di kertas perlu diperbaiki.")
        return not self.form.errors

    def dokumen(self) -> dict[str, Any]:
        """What was typed, without the wording."""
        isi = self.form.cleaned_data
        return {
            "kode": isi.get("kode") or self.form.instance.kode,
            **{k: isi[k] for k in berkas.KOLOM if k != "penanda"},
            "penanda": self.penanda.baris(),
            **{k: berkas.baris_teks(isi[k]) for k in ("tembusan", "formulir")},
            "bidang": self.isian.baris(),
            "syarat": self.syarat.baris(),
            "aturan": self.aturan.baris(),
        }

    def tolak(self, galat: JenisTidakSah) -> None:
        """Show why it cannot be saved, at the row that is meant when it is one."""
        self.galat.append(str(galat))
        for form in self.isian.forms:
            if galat.kunci and galat.kunci in (form.lama, form.cleaned_data.get("kunci")):
                form.add_error(None, str(galat))


def kosong() -> Borang:
    """A new type: it asks for its purpose, and is not offered before the village says so."""
    tujuan = {"label": "Keperluan", "tipe": "teks_panjang", "wajib": True, "kunci": "keperluan"}
    return _susun(
        None,
        awal={"layanan_mandiri": False},
        isian=[tujuan],
        syarat=[{"label": "Foto/scan KTP-el pemohon", "wajib": True}],
        penanda=[],
    )


def dari_jenis(jenis: JenisSurat) -> Borang:
    """The type as it is stored."""
    dokumen = berkas.ekspor(jenis)
    isian = [
        b
        | {
            "semula": b["kunci"],
            "pilihan": "\n".join(b["pilihan"]),
            "bila_nilai": b["bila_nilai"].replace("|", "\n"),
            "bukan": b["bukan"].replace("|", "\n"),
        }
        for b in dokumen["bidang"]
    ]
    syarat = [b | {"semula": b["kode"]} for b in dokumen["syarat"]]
    penanda = [p | {"semula": "ada"} for p in dokumen["penanda"]]
    lain = {"syarat": syarat, "aturan": dokumen["aturan"], "penanda": penanda}
    return _susun(jenis, awal={"revisi": jenis.revisi}, isian=isian, **lain)


def dari_kiriman(jenis: JenisSurat | None, data: QueryDict) -> Borang:
    """What was sent, to be checked."""
    acuan = _acuan(_mentah(PertanyaanFormSet, data, "isian"))
    return Borang(
        JenisForm(data, instance=jenis or JenisSurat(), orang=acuan),
        PertanyaanFormSet(data, prefix="isian", form_kwargs={"acuan": acuan}),
        SyaratFormSet(data, prefix="syarat"),
        AturanFormSet(data, prefix="aturan", form_kwargs={"acuan": acuan}),
        PenandaFormSet(data, prefix="penanda", form_kwargs={"acuan": acuan}),
    )


def dengan_baris_baru(jenis: JenisSurat | None, data: QueryDict, apa: str) -> Borang:
    """What was sent, unchecked, with one more empty row; `apa`: of which rows."""
    form = JenisForm(data, instance=jenis or JenisSurat(), orang=_acuan([]))
    return _susun(
        jenis,
        awal=_isi(form),
        isian=_mentah(PertanyaanFormSet, data, "isian"),
        syarat=_mentah(SyaratFormSet, data, "syarat"),
        aturan=_mentah(AturanFormSet, data, "aturan"),
        penanda=_mentah(PenandaFormSet, data, "penanda"),
        ekstra=apa,
    )


def _susun(
    jenis: JenisSurat | None,
    *,
    awal: dict[str, Any],
    isian: _Baris,
    syarat: _Baris,
    aturan: _Baris = (),
    penanda: _Baris = (),
    ekstra: str = "",
) -> Borang:
    acuan = _acuan(isian)
    baru = Borang(
        JenisForm(instance=jenis or JenisSurat(), initial=awal, orang=acuan),
        PertanyaanFormSet(initial=isian, prefix="isian", form_kwargs={"acuan": acuan}),
        SyaratFormSet(initial=syarat, prefix="syarat"),
        AturanFormSet(initial=aturan, prefix="aturan", form_kwargs={"acuan": acuan}),
        PenandaFormSet(initial=penanda, prefix="penanda", form_kwargs={"acuan": acuan}),
    )
    if ekstra:
        for nama in ("isian", "syarat", "aturan", "penanda"):
            getattr(baru, nama).extra = int(ekstra == nama)
    return baru


def _isi(form: Any) -> dict[str, Any]:
    """Everything that stands in a bound form, as it was typed."""
    return {
        nama: bidang.widget.value_from_datadict(form.data, form.files, form.add_prefix(nama))
        for nama, bidang in form.fields.items()
    }


def _mentah(kelas: type[BarisFormSet], data: QueryDict, prefix: str) -> _Baris:
    kiriman = kelas(data, prefix=prefix, form_kwargs={"acuan": _acuan([])})
    return [_isi(form) for form in kiriman.forms]


def _acuan(baris: Iterable[Mapping[str, Any]]) -> dict[str, list[tuple[str, str]]]:
    """The rows that other settings may point to, by setting."""
    hasil: dict[str, list[tuple[str, str]]] = {
        "bila_kunci": [],
        "tidak_sebelum": [],
        "tentang": [("pemohon", "Pemohon")],
        "subjek": [],
        "diperiksa": [(SUBJEK, "Yang diterangkan"), (PEMOHON, "Pemohon")],
        "siapa": [],
        "wali": [],
    }
    terpakai: set[str] = set()
    for b in baris:
        label = b.get("label") or ""
        if not label:
            continue
        kunci = b.get("semula") or b.get("kunci") or usul(label, terpakai)
        terpakai.add(kunci)
        boleh = {"bila_kunci": True, "diperiksa": True, "tidak_sebelum": b.get("tipe") in _TANGGAL}
        boleh["tentang"] = b.get("tipe") in jawaban.ORANG
        boleh |= {"subjek": b.get("tipe") in jawaban.ORANG, "wali": b.get("tipe") in penanda_.ORANG}
        boleh["siapa"] = b.get("tipe") in penanda_.SIAPA
        for nama, ya in boleh.items():
            if ya:
                hasil[nama].append((kunci, label))
    return hasil
