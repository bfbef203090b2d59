"""Wording into blocks: the shape comes from the wording, never from what somebody answered."""

import pytest

from surat.bahasa import alinea, templat

TABEL = {"macam": "tabel", "kunci": "ahli_waris", "kepala": ["Nama"], "baris": [["I Gede"]]}
BLOK = {"ahli_waris": TABEL}
NILAI = {"nama": "I Wayan Contoh", "kosong": "", "ahli_waris": "I Gede, I Made"}


def blok(isi: str, **nilai: str) -> list[dict]:
    semua = NILAI | nilai
    return alinea.uraikan(templat.render(isi, alinea.siapkan(semua, BLOK)), BLOK)


def kalimat(html: str) -> dict:
    return {"macam": "alinea", "html": html}


# --- The shapes of the wording -----------------------------------------------------------------


def test_paragraphs_are_parted_by_blank_lines_and_empty_ones_left_out():
    isi = "Satu\n{{ nama }}.\n\n{% if kosong %}Tidak ada.{% endif %}\r\n \t\r\n\n\nDua."

    assert blok(isi) == [kalimat("Satu I Wayan Contoh."), kalimat("Dua.")]


def test_facts_are_lines_with_a_space_before_the_colon():
    isi = "Nama : {{ nama }}\nAlamat  :   Jalan 1\nJam : 09:30 : tepat"

    assert blok(isi) == [
        {
            "macam": "rincian",
            "baris": [
                ["Nama", "I Wayan Contoh"],
                ["Alamat", "Jalan 1"],
                ["Jam", "09:30 : tepat"],
            ],
        }
    ]


def test_facts_without_a_value_are_left_out_and_a_list_of_them_wholly():
    isi = "Nama : {{ nama }}\nNIK : {{ kosong }}\nUmur : {% if kosong %}x{% endif %}"

    assert blok(isi) == [{"macam": "rincian", "baris": [["Nama", "I Wayan Contoh"]]}]
    assert blok("NIK : {{ kosong }}\nUmur :{{ kosong }}") == []


@pytest.mark.parametrize(
    "isi", ["Dengan hormat: {{ nama }}", "Nama : {{ nama }}\ndan seterusnya", "https://contoh.id"]
)
def test_other_colons_make_no_facts(isi):
    hasil = blok(isi)

    assert [b["macam"] for b in hasil] == ["alinea"]


@pytest.mark.parametrize(
    ("isi", "angka"), [("1. Satu\n2. {{ nama }}", True), ("- Satu\n-  {{ nama }}", False)]
)
def test_lists_are_numbered_or_dashed(isi, angka):
    assert blok(isi) == [{"macam": "butir", "angka": angka, "butir": ["Satu", "I Wayan Contoh"]}]


@pytest.mark.parametrize("isi", ["1. Satu\nDua", "- Satu\n1. Dua", "1.Satu", "-Satu", "123. Satu"])
def test_half_a_list_is_running_text(isi):
    assert blok(isi) == [kalimat(isi.replace("\n", " "))]


def test_field_alone_in_its_paragraph_is_a_table_and_in_a_sentence_its_names():
    assert blok("{{ ahli_waris }}\n\nyaitu {{ ahli_waris }}.") == [
        TABEL,
        kalimat("yaitu I Gede, I Made."),
    ]
    assert blok("{{ ahli_waris }}", ahli_waris="") == []


def test_wording_cannot_smuggle_in_markup():
    assert blok("<b>a</b> & {{ nama }}") == [kalimat("&lt;b&gt;a&lt;/b&gt; &amp; I Wayan Contoh")]
    assert blok("A & B : x")[0]["baris"] == [["A & B", "x"]]  # labels are plain text


# --- What somebody answered changes no shape ---------------------------------------------------

JAHAT = [
    "1. Tanah sawah",
    "- Tanah sawah",
    "10. a\n11. b",
    "Nama : Orang Lain",
    "Nama : Orang Lain\nNIK : 123",
    "a\n\nb",
    "a\r\n\r\nb",
    ":",
    " : ",
    "-",
    "1.",
    "{{ ahli_waris }}",
    "{% if nama %}x{% endif %}",
    "<td>x</td>",
    "&colon; &#58;",
    "\ue002ahli_waris\ue003x\ue004",
    "\ue000\ue001\ue005",
]


@pytest.mark.parametrize("jahat", JAHAT)
@pytest.mark.parametrize(
    ("isi", "macam"),
    [
        ("{{ jahat }}", "alinea"),
        ("{{ jahat }} yang dijual", "alinea"),
        ("Untuk keperluan {{ jahat }}.", "alinea"),
        ("Rincian : {{ jahat }}\nNama : {{ nama }}", "rincian"),
        ("1. Untuk {{ jahat }}\n2. {{ jahat }}", "butir"),
        ("- {{ jahat }}", "butir"),
    ],
)
def test_answer_never_changes_the_structure(jahat, isi, macam):
    hasil = blok(isi, jahat=jahat)

    if alinea.PRIBADI.sub("", jahat):
        assert [b["macam"] for b in hasil] == [macam]
        assert len(hasil[0].get("baris", hasil[0].get("butir", [0]))) == isi.count("\n") + 1
    else:
        assert all(b["macam"] in (macam, "alinea") for b in hasil)
    assert not alinea.PRIBADI.search(str(hasil))


@pytest.mark.parametrize(
    ("jawab", "cetak"),
    [
        ("1. Tanah", "1. Tanah"),
        ("- Tanah", "- Tanah"),
        ("a : b", "a : b"),
        ("Jalan 1\nBugbug", "Jalan 1\nBugbug"),
        ("<b> & \"q\" 's'", "&lt;b&gt; &amp; &quot;q&quot; &#x27;s&#x27;"),
    ],
)
@pytest.mark.parametrize(
    ("isi", "letak"),
    [("{{ x }}", ("html",)), ("K : {{ x }}", ("baris", 0, 1)), ("- {{ x }}", ("butir", 0))],
)
def test_answer_is_printed_as_it_was_given(jawab, cetak, isi, letak):
    hasil = blok(isi, x=jawab)[0]
    for kunci in letak:
        hasil = hasil[kunci]

    assert hasil == cetak


def test_number_of_a_value_starts_no_list():
    assert blok("{{ x }}. orang", x="1") == [kalimat("1. orang")]


@pytest.mark.parametrize("jawab", ["Ya: benar", "a\nb", "1. Satu", "A & B", "I Gede, I Made"])
def test_conditions_compare_what_was_answered(jawab):
    isi = "{% if x == y %}sama{% else %}lain{% endif %}{% if x %}!{% endif %}"
    teks = "\n".join(f'"{b}"' for b in jawab.split("\n"))

    assert blok(isi, x=jawab, y=jawab) == [kalimat("sama!")]
    assert blok(isi, x=jawab, y=teks) == [kalimat("lain!")]
    assert blok("{% if ahli_waris == x %}sama{% endif %}", x="I Gede, I Made") == [kalimat("sama")]


def test_polos_gives_back_text_without_marks():
    nilai = alinea.siapkan({"x": "a : b\nc", "ahli_waris": "I: Gede"}, BLOK)

    teks = templat.render("{{ x }}|{{ ahli_waris }}", nilai)

    assert alinea.polos(teks) == "a : b\nc|I: Gede"
