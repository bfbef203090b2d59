"""How long a worker prints before other work gets its turn, and how the next turn comes about."""

import pytest

from layanan import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def panggilan(monkeypatch):
    """Every letter made and every call sent, in their order."""
    urut = []

    def antre(jumlah):
        def buat():
            for nomor in range(jumlah):
                urut.append("surat")
                yield -nomor  # no request has such a letter

        monkeypatch.setattr(tasks.pencetakan, "cetak_yang_menunggu", buat)
        monkeypatch.setattr(tasks, "bangunkan", lambda *tugas: urut.extend(t.name for t in tugas))
        tasks.cetak_surat()
        return urut

    return antre


@pytest.mark.parametrize("jumlah", [1, 24])
def test_few_letters_need_no_further_turn(panggilan, jumlah):
    assert panggilan(jumlah) == ["surat"] * jumlah + ["layanan.tasks.kirim_pesan"]


def test_next_turn_is_called_for_before_this_one_ends(panggilan):
    assert panggilan(100) == [
        *["surat"] * 25,
        "layanan.tasks.cetak_surat",
        *["surat"] * 5,
        "layanan.tasks.kirim_pesan",
    ]


def test_no_letter_wakes_nobody(panggilan):
    assert panggilan(0) == []
