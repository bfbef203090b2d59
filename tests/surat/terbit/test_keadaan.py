"""In which state a letter is: the whole matrix of what can happen to it, written by hand."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from surat.buku import entri
from surat.models import Cetakan, Surat, TandaTangan
from surat.terbit import keadaan, kode_cek
from tests.surat.conftest import PADA

pytestmark = pytest.mark.django_db

HARI = date(2026, 12, 1)
NANTI, LALU = HARI + timedelta(days=1), HARI - timedelta(days=1)

# "*": whichever. The successor: none, one without signature, a void one, a signed one.
MATRIKS = """
# batal  tanda tangan  dicabut  pengganti  habis  keadaan
  ya     *             *        *          *      BATAL
  -      -             *        *          *      BELUM_TTD
  -      ya            ya       *          *      DICABUT
  -      ya            -        sah        *      DIGANTI
  -      ya            -        -          ya     KEDALUWARSA
  -      ya            -        belum      ya     KEDALUWARSA
  -      ya            -        batal      ya     KEDALUWARSA
  -      ya            -        -          -      BERLAKU
  -      ya            -        belum      -      BERLAKU
  -      ya            -        batal      -      BERLAKU
"""
NILAI = (("ya", "-"), ("ya", "-"), ("ya", "-"), ("-", "belum", "batal", "sah"), ("ya", "-"))


def _harus() -> dict[tuple[str, ...], str]:
    harus: dict[tuple[str, ...], str] = {}
    for baris in MATRIKS.splitlines():
        if not baris or baris.startswith("#"):
            continue
        *syarat, kata = baris.split()
        pilihan = [semua if s == "*" else (s,) for s, semua in zip(syarat, NILAI, strict=True)]
        for satu in product(*pilihan):
            assert satu not in harus, f"told twice: {satu}"
            harus[satu] = kata
    return harus


@pytest.fixture
def tiru(terbit):
    """More letters like one that was issued properly; quick to make."""
    pola = terbit()
    semua = {f.name: getattr(pola, f.name) for f in Surat._meta.concrete_fields if f.name != "id"}
    kolom = {nama: nilai for nama, nilai in semua.items() if nilai is not None}
    urut = iter(range(100, 10_000))

    def tiru(**lain) -> Surat:
        n = next(urut)
        beda = {"nomor": f"tiruan {n}", "urut": n, "kode_cek": kode_cek.buat()}
        beda["agenda"] = entri.catat(entri.AGENDA, pada=PADA)
        return Surat.objects.create(**kolom | beda | lain)

    return tiru


def tandatangani(surat: Surat, pada: datetime = PADA) -> Surat:
    TandaTangan.objects.create(
        surat=surat, mandat=surat.mandat, oleh=surat.mandat.pejabat.akun, pada=pada
    )
    return surat


def _batal(oleh) -> dict:
    return {"batal_pada": PADA, "batal_oleh": oleh, "batal_alasan": "Nama salah"}


def _dicabut(oleh, pada: datetime = PADA) -> dict:
    return {"dicabut_pada": pada, "dicabut_oleh": oleh, "dicabut_alasan": "Keterangan keliru"}


def _buat(tiru, oleh, satu: tuple[str, ...]) -> Surat:
    batal, ttd, dicabut, pengganti, habis = satu
    lain = {"berlaku_sampai": LALU if habis == "ya" else NANTI}
    lain |= _batal(oleh) if batal == "ya" else {}
    lain |= _dicabut(oleh) if dicabut == "ya" else {}
    surat = tiru(**lain)
    if ttd == "ya":
        tandatangani(surat)
    if pengganti != "-":
        baru = tiru(menggantikan=surat, **(_batal(oleh) if pengganti == "batal" else {}))
        if pengganti == "sah":
            tandatangani(baru)
    return surat


def test_matrix_of_all_that_can_happen_to_a_letter(tiru, operator):
    harus = _harus()
    assert set(harus) == set(product(*NILAI))  # every combination is told
    surat = {satu: _buat(tiru, operator, satu).pk for satu in harus}

    semua = {s.pk: s for s in keadaan.lengkapi(Surat.objects.filter(pk__in=surat.values()))}
    nyata = {satu: keadaan.lihat(semua[pk], hari=HARI).kode for satu, pk in surat.items()}
    saring = {
        pk: kode
        for kode in keadaan.Kode.values
        for pk in keadaan.saring(
            Surat.objects.filter(pk__in=surat.values()), kode, hari=HARI
        ).values_list("pk", flat=True)
    }

    assert nyata == harus
    assert {satu: saring[pk] for satu, pk in surat.items()} == harus


def test_filter_gives_each_letter_to_one_state(tiru, operator):
    for satu in _harus():
        _buat(tiru, operator, satu)

    jumlah = [
        keadaan.saring(Surat.objects.all(), k, hari=HARI).count() for k in keadaan.Kode.values
    ]

    assert sum(jumlah) == Surat.objects.count()
    assert keadaan.saring(Surat.objects.all(), "TIDAK_ADA", hari=HARI).count() == 0


def test_letter_without_end_never_expires(tiru):
    surat = tandatangani(tiru(berlaku_sampai=None))

    for hari in (HARI, date(2099, 1, 1)):
        assert keadaan.lihat(surat, hari=hari) == keadaan.Keadaan(keadaan.Kode.BERLAKU)
        assert surat in keadaan.saring(Surat.objects.all(), "BERLAKU", hari=hari)


def test_last_day_still_counts_and_the_state_tells_since_when(tiru):
    surat = tandatangani(tiru(berlaku_sampai=HARI))

    assert keadaan.lihat(surat, hari=HARI).berlaku
    assert keadaan.lihat(surat, hari=NANTI) == keadaan.Keadaan(keadaan.Kode.KEDALUWARSA, NANTI)
    assert surat in keadaan.saring(Surat.objects.all(), "BERLAKU", hari=HARI)
    assert surat in keadaan.saring(Surat.objects.all(), "KEDALUWARSA", hari=NANTI)


@pytest.mark.parametrize(
    ("pada", "sejak"),
    [
        # Midnight in WITA is 16.00 UTC.
        (datetime(2026, 11, 30, 15, 59, tzinfo=UTC), date(2026, 11, 30)),
        (datetime(2026, 11, 30, 16, 0, tzinfo=UTC), date(2026, 12, 1)),
    ],
)
def test_days_are_those_of_the_village(tiru, operator, pada, sejak):
    lama = tandatangani(tiru())
    baru = tandatangani(tiru(menggantikan=lama), pada)
    dicabut = tandatangani(tiru(**_dicabut(operator, pada)))
    batal = tiru(**_batal(operator) | {"batal_pada": pada})

    assert keadaan.lihat(lama, hari=HARI) == keadaan.Keadaan(
        keadaan.Kode.DIGANTI, sejak, pengganti=baru
    )
    assert keadaan.lihat(dicabut, hari=HARI) == keadaan.Keadaan(
        keadaan.Kode.DICABUT, sejak, "Keterangan keliru"
    )
    assert keadaan.lihat(batal, hari=HARI) == keadaan.Keadaan(keadaan.Kode.BATAL, sejak)


def test_old_letter_holds_until_the_new_one_is_signed(tiru):
    lama = tandatangani(tiru(berlaku_sampai=NANTI))
    baru = tiru(menggantikan=lama)

    assert keadaan.lihat(lama, hari=HARI).berlaku
    tandatangani(baru)

    kini = keadaan.lihat(Surat.objects.get(pk=lama.pk), hari=HARI)
    assert (kini.kode, kini.pengganti, kini.ditarik) == (keadaan.Kode.DIGANTI, baru, True)


def test_withdrawn_letter_names_its_successor_too(tiru, operator):
    lama = tandatangani(tiru(**_dicabut(operator)))
    baru = tandatangani(tiru(menggantikan=lama))

    kini = keadaan.lihat(lama, hari=HARI)

    assert (kini.kode, kini.pengganti, kini.ditarik) == (keadaan.Kode.DICABUT, baru, True)


def test_correction_of_a_correction(tiru):
    pertama = tandatangani(tiru(berlaku_sampai=NANTI))
    kedua = tandatangani(tiru(menggantikan=pertama, berlaku_sampai=NANTI))
    ketiga = tandatangani(tiru(menggantikan=kedua, berlaku_sampai=NANTI))

    nyata = [keadaan.lihat(s, hari=HARI) for s in (pertama, kedua, ketiga)]

    assert [x.kode.value for x in nyata] == ["DIGANTI", "DIGANTI", "BERLAKU"]
    assert [x.pengganti for x in nyata] == [kedua, ketiga, None]


def test_states_of_many_letters_cost_two_queries(tiru, django_assert_num_queries):
    for _ in range(5):
        lama = tandatangani(tiru())
        tandatangani(tiru(menggantikan=lama))

    with django_assert_num_queries(2):
        kode = [keadaan.lihat(s, hari=HARI).kode for s in keadaan.lengkapi(Surat.objects.all())]

    assert kode.count("DIGANTI") == 5


def test_rows_that_name_a_letter_know_whether_it_was_replaced(tiru):
    lama, utuh = tandatangani(tiru()), tandatangani(tiru())
    tandatangani(tiru(menggantikan=lama))
    for surat in (lama, utuh):
        Cetakan.objects.create(surat=surat, ambil_lagi_pada=PADA)

    cetakan = Cetakan.objects.annotate(diganti=keadaan.ada_pengganti("surat"))

    ada = dict(cetakan.filter(surat__in=(lama, utuh)).values_list("surat", "diganti"))
    assert ada == {lama.pk: True, utuh.pk: False}
