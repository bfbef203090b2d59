"""Signers become rows of the type, and an opening follows the mandate of who signs.

A type that the village has left alone gets its new default from its file (`muat_jenis_surat`, which
every update runs); here it only keeps the mark that nobody has touched it. A type of the village's
own keeps every word: where its opening says that the head of the village signs, it gets a further
version that says who really does, with a note, and the former version stays to be taken again.
"""

import hashlib
import itertools
import json
import re
from pathlib import Path

from django.db import migrations, models

from surat.migrations._penanda_lama import dari_lama

_SEMUA = (
    "nama judul kelompok naskah tujuan klasifikasi klasifikasi_lama pengantar_kelian "
    "masa_berlaku_hari janji_hari layanan_mandiri data_sensitif urutan subjek cetak_identitas "
    "pembuat jumlah_saksi mengetahui_kelian mengetahui_camat meterai pemegang catatan_warga "
    "catatan_petugas"
).split()
_PERTANYAAN = (
    "kunci label tipe wajib bantuan pilihan bila_kunci bila_nilai batas tidak_sebelum "
    "termasuk_meninggal disunting jenis_kelamin bukan tentang"
).split()
_KEMUDIAN = {"jenis_kelamin", "bukan", "tentang"}
_SYARAT = "kode label wajib boleh_dibawa".split()
_ATURAN = "macam siapa nilai kekuatan kalimat bila_kunci bila_nilai".split()
_KEPALA = re.compile(
    r"(Yang bertanda tangan di bawah ini,\s+)\{\{\s*sebutan_kepala\s*\}\}\s+\{\{\s*desa\s*\}\}"
)
_BAWAAN = Path(__file__).resolve().parents[1] / "jenis" / "jenis_bawaan"
_CATATAN = "Pembuka mengikuti mandat penanda tangan (Plt., Plh., a.n., u.b.)"


def _dokumen(jenis):
    """A type as its hash was made of it."""
    versi = jenis.templat.order_by("-versi").first()
    bidang = [
        {k: getattr(b, k) for k in _PERTANYAAN} for b in jenis.pertanyaan.order_by("urutan", "pk")
    ]
    aturan = [{k: getattr(a, k) for k in _ATURAN} for a in jenis.aturan.order_by("urutan", "pk")]
    formulir = [b.strip() for b in jenis.formulir.splitlines() if b.strip()]
    return {
        **({"aturan": aturan} if aturan else {}),
        **({"formulir": formulir} if formulir else {}),
        "kode": jenis.kode,
        **{k: getattr(jenis, k) for k in _SEMUA},
        "tembusan": [b.strip() for b in jenis.tembusan.splitlines() if b.strip()],
        "bidang": [{k: v for k, v in b.items() if v or k not in _KEMUDIAN} for b in bidang],
        "syarat": [
            {k: getattr(s, k) for k in _SYARAT} for s in jenis.syarat.order_by("urutan", "pk")
        ],
        "pembuka": versi.pembuka,
        "isi": versi.isi.split("\n\n"),
        "penutup": versi.penutup,
    }, versi


def _sidik(dokumen):
    teks = json.dumps(dokumen, ensure_ascii=False, indent=2, sort_keys=True)
    return hashlib.sha256(teks.encode()).hexdigest()


def _semula(jenis, dokumen):
    """The switches as they were loaded, when the village has moved nothing else: both ways, and as
    the file has them."""
    berkas = _BAWAAN / f"{jenis.kode}.json"
    bawaan = json.loads(berkas.read_text(encoding="utf-8")) if berkas.is_file() else dokumen
    kunci = ("janji_hari", "urutan")
    for ya, *isi in itertools.product((True, False), *({dokumen[k], bawaan[k]} for k in kunci)):
        dulu = {"layanan_mandiri": ya} | dict(zip(kunci, isi, strict=True))
        if jenis.sidik_isi == _sidik(dokumen | dulu):
            yield dulu


def pindahkan(apps, schema_editor):
    for jenis in apps.get_model("surat", "JenisSurat").objects.order_by("pk"):
        if not jenis.templat.exists():
            continue
        lama, versi = _dokumen(jenis)
        baru = dari_lama(lama)
        jenis.penanda = baru["penanda"]
        if (dulu := next(_semula(jenis, lama), None)) is not None:
            jenis.sidik_isi = _sidik(baru | dulu)
        elif (
            pembuka := _KEPALA.sub(r"\1{{ kedudukan_penanda_tangan }}", versi.pembuka)
        ) != versi.pembuka:
            kata = {"pembuka": pembuka, "isi": versi.isi, "penutup": versi.penutup}
            jenis.templat.create(versi=versi.versi + 1, catatan=_CATATAN, **kata)
        jenis.save(update_fields=["penanda", "sidik_isi"])


class Migration(migrations.Migration):
    dependencies = [("surat", "0014_diperiksa")]

    operations = [
        migrations.AddField(
            model_name="jenissurat",
            name="penanda",
            field=models.JSONField(
                db_default=models.Value([], models.JSONField()), default=list, blank=True
            ),
        ),
        migrations.AlterField(
            model_name="jenissurat",
            name="pembuat",
            field=models.SlugField(blank=True, editable=False, max_length=40),
        ),
        migrations.AlterField(
            model_name="jenissurat",
            name="jumlah_saksi",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        *(
            migrations.AlterField(
                model_name="jenissurat",
                name=nama,
                field=models.BooleanField(default=False, editable=False),
            )
            for nama in "mengetahui_kelian mengetahui_camat meterai pemegang".split()
        ),
        migrations.RunPython(pindahkan, migrations.RunPython.noop),
    ]
