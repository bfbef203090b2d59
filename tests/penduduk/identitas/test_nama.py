"""One spelling for what people write in many ways."""

import pytest

from penduduk.identitas.nama import kunci, potongan

pytestmark = pytest.mark.sekali


@pytest.mark.parametrize(
    ("ditulis", "jadi"),
    [
        ("I Wyn Gde Contoh", "wayan gede contoh"),
        ("I Wyn. Gde. Contoh", "wayan gede contoh"),
        ("wayan gede contoh", "wayan gede contoh"),
        ("WAYAN  GEDE\tCONTOH ", "wayan gede contoh"),
        ("Ni Luh Contoh", "luh contoh"),
        ("NI LH. CONTOH", "luh contoh"),
        ("I Md Contoh", "made contoh"),
        ("I Nym Contoh", "nyoman contoh"),
        ("I Njoman Contoh", "nyoman contoh"),
        ("Ni Kt Contoh", "ketut contoh"),
        ("Pt. Kdk. Kmg. Contoh", "putu kadek komang contoh"),
        ("I.B. Contoh", "ida bagus contoh"),
        ("I. B. Contoh", "ida bagus contoh"),
        ("I B Contoh", "ida bagus contoh"),
        ("IB Contoh", "ida bagus contoh"),
        ("Ida Bgs. Contoh", "ida bagus contoh"),
        ("I.A. Contoh", "ida ayu contoh"),
        ("A.A. Gde Contoh", "anak agung gede contoh"),
        ("AA. Gede Contoh", "anak agung gede contoh"),
        ("A. A. A. Contoh", "anak agung ayu contoh"),
        ("I Gst Ngr Contoh", "gusti ngurah contoh"),
        ("I.G.N. Contoh", "gusti ngurah contoh"),
        ("IGN Contoh", "gusti ngurah contoh"),
        ("I G A Contoh", "gusti ayu contoh"),
        ("Dw Ayu Contoh", "dewa ayu contoh"),
        ("Tjok. Contoh", "cokorda contoh"),
        ("Contoh", "contoh"),
        ("I", "i"),
        ("Ni", "ni"),
        ("I Contoh", "contoh"),
        ("Putu I Contoh", "putu i contoh"),  # an article stands in front
        ("A. Contoh", "a contoh"),
        ("Ka'bah", "kabah"),
        ("Ka’bah", "kabah"),
        ("Ka´bah", "kabah"),
        ("Ñoman Andrée", "noman andree"),
        ("Straße", "strasse"),
        ("Contoh-Dua", "contoh dua"),
        ("Contoh_Dua", "contoh dua"),
        ("100%", "100"),
        ("Contoh, S.Pd.", "contoh s pd"),
        ("", ""),
        ("  .  ", ""),
        ("🙂", ""),
    ],
)
def test_key_has_one_spelling(ditulis, jadi):
    assert kunci(ditulis) == jadi


@pytest.mark.parametrize("nama", ["Aan Contoh", "Iga Contoh", "Ignas Contoh", "Adi Ari Contoh"])
def test_key_of_a_key_is_the_same(nama):
    assert kunci(kunci(nama)) == kunci(nama)


def test_name_that_merely_begins_like_an_article_keeps_its_beginning():
    assert kunci("Nila Ida Contoh") == "nila ida contoh"


@pytest.mark.parametrize(
    ("diketik", "jadi"),
    [
        ("I Wyn Gde", ["wayan", "gede"]),
        ("I.B. Contoh", ["ida", "bagus", "contoh"]),
        ("  wayan   con ", ["wayan", "con"]),
        ("cok", ["cok"]),
        ("nyo", ["nyo"]),
        ("gd", ["gede"]),
        ("", []),
        ("   ", []),
        ("I", []),
        ("ni", []),
        ("Ni.", []),
        ("n", ["n"]),
        ("5107 04", ["510704"]),
        ("5107.04-12", ["51070412"]),
        ("5107 0412 0390 9901", ["5107041203909901"]),
        ("wayan 5107 04", ["wayan", "510704"]),
        ("5107 wayan 04", ["5107", "wayan", "04"]),
        ("%", ["%"]),
        ("_", ["_"]),
        ("% _", ["%", "_"]),
        ("wayan %", ["wayan", "%"]),
        ("wayan, (contoh)", ["wayan", "contoh"]),
    ],
)
def test_parts_of_a_search(diketik, jadi):
    assert potongan(diketik) == jadi
