"""Answers come back from the form that shows them: a draft, a mend and a correction begin with what
was answered, and whatever is not touched must be sent again as it was."""

from datetime import date

import pytest
from django.http import QueryDict
from django.template import Context, Template

from surat.isian import formulir, jawaban
from surat.jenis import bawaan
from surat.models import JenisSurat
from surat.peraga import orang as tokoh
from surat.peraga import surat as peraga
from surat.peraga.orang import Ukuran
from tests.halaman import formulir as baca

HARI = date(2026, 11, 23)
TEMPLAT = Template(
    "{% load crispy_forms_tags %}<form>{% crispy form %}<button>Kirim</button></form>"
)


@pytest.mark.parametrize("ukuran", list(Ukuran))
@pytest.mark.django_db
def test_untouched_form_gives_the_same_answers(ukuran):
    bawaan.muat()
    keluarga = list(tokoh.keluarga(ukuran).values())
    for jenis in JenisSurat.objects.prefetch_related("pertanyaan", "templat"):
        bahan = peraga.bahan(jenis, ukuran=ukuran, tanggal=HARI)
        kelas = formulir.buat_form(jenis, keluarga=keluarga, hari_ini=HARI, pemohon=bahan.pemohon)

        html = TEMPLAT.render(Context({"form": kelas(initial=bahan.jawaban)}))
        kiriman = QueryDict(mutable=True)
        for nama, nilai in baca(_Jawab(html), "Kirim").isi.items():
            kiriman.setlist(nama, nilai)
        form = kelas(kiriman, initial=bahan.jawaban)

        assert form.errors == {}, jenis.kode
        lagi = formulir.rapikan(jenis, formulir.ke_json(form.cleaned_data))
        lagi = {k: v for k, v in lagi.items() if not jawaban.kosong(v)}
        assert lagi == bahan.jawaban, jenis.kode


class _Jawab:
    def __init__(self, html: str) -> None:
        self.content = html.encode()
