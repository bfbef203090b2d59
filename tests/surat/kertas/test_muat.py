"""A letter is laid out once: as usual, or closer when it would not fit on one sheet."""

import pytest

from surat.kertas import pdf
from tests.surat.kertas.naskah import Kertas, alinea, data

KALIMAT = alinea("Orang tersebut tinggal di sini sejak lahir dan bekerja di sawah. " * 4)


@pytest.mark.kertas
@pytest.mark.parametrize(("alinea_", "rapat"), [(3, False), (11, True)])
def test_letter_of_one_sheet_is_laid_out_once(tmp_path, monkeypatch, alinea_, rapat):
    mesin, lembar = pdf._mesin(), []
    asli = mesin._susun
    monkeypatch.setattr(mesin, "_susun", lambda *a: lembar.append(a[1:]) or asli(*a))

    isi = [KALIMAT] * alinea_
    surat = Kertas(data(isi=isi, berlaku_sampai="1 Mei 2027", penutup="Demikian."), tmp_path)

    assert surat.jumlah == len(lembar) == 1
    assert (mesin._rapat in lembar[0]) is rapat
    # Run on when it is set closer, and still two sentences.
    assert "1 Mei 2027. Demikian." in surat.dibaca()
