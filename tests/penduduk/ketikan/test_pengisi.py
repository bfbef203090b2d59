"""Filling a form in a finished page: only its fields, only what was typed, and never as HTML."""

import pytest

from penduduk.ketikan import pengisi

ACUAN = '<input type="hidden" name="_ketikan" value="ACUAN">'
KEPALA = '<!doctype html>\n<body><header><a href="/?a=1&b=2">x</a></header><main id="isi">\n'


def unggahan(bidang: str, nama: str = "ktp.jpg", jenis: str = "image/jpeg") -> dict[str, str]:
    """A kept file, as far as this module looks at it."""
    return {"bidang": bidang, "nama": nama, "jenis": jenis}


def isikan(form: str, isi: dict[str, list[str]], *, berkas=(), di="/a/", alamat="/a/"):
    return pengisi.isikan(
        KEPALA + form + "</main></body>",
        di=di,
        alamat=alamat,
        isi=isi,
        berkas=list(berkas),
        sisip=ACUAN,
    )


def badan(form: str, isi: dict[str, list[str]], **lain) -> str:
    """What became of the form, without the reference."""
    html = isikan(form, isi, **lain).html
    assert html.startswith(KEPALA) and html.endswith("</main></body>")
    assert html.count(ACUAN) == 1
    return html.removeprefix(KEPALA).removesuffix("</main></body>").replace(ACUAN, "")


F = '<form method="post">{}</form>'


@pytest.mark.parametrize(
    ("sebelum", "isi", "sesudah"),
    [
        ('<input name="a" value="1">', {"a": ["2"]}, '<input name="a" value="2">'),
        ('<input name=a>', {"a": ["2"]}, '<input name="a" value="2">'),
        ('<input name="a" value="1">', {"a": [""]}, '<input name="a" value="">'),
        ('<INPUT TYPE="hidden" NAME="r" VALUE="9" /><input name="a">', {"r": ["7"], "a": ["2"]},
         '<input type="hidden" name="r" value="7"><input name="a" value="2">'),
        ('<input name="a"><input name="a">', {"a": ["1", "2"]},
         '<input name="a" value="1"><input name="a" value="2">'),
        ('<input type="password" name="a">', {"a": ["x"]}, '<input type="password" name="a">'),
        ('<input name="a" disabled>', {"a": ["x"]}, '<input name="a" disabled>'),
        ('<textarea name="a">lama &lt;</textarea>', {"a": ["baru\r\n<b>"]},
         '<textarea name="a">\nbaru\r\n&lt;b&gt;</textarea>'),
        ('<input type=checkbox name="a" checked><input name="b">', {"b": ["x"]},
         '<input type="checkbox" name="a"><input name="b" value="x">'),
        ('<input type="radio" name="a" value="1" checked><input type="radio" name="a" value="2">',
         {"a": ["2"]},
         '<input type="radio" name="a" value="1"><input type="radio" name="a" value="2" checked>'),
        ('<select name="a"><option value="1" selected>A</option><option value="2">B</select>',
         {"a": ["2"]},
         '<select name="a"><option value="1">A</option><option value="2" selected>B</select>'),
        ('<select name="a" multiple><option value="1" selected>A</select><input name="b">',
         {"b": [""]},
         '<select name="a" multiple><option value="1">A</select><input name="b" value="">'),
        ('<select name="a" class="admin-autocomplete"></select>', {"a": ["5"]},
         '<select name="a" class="admin-autocomplete">'
         '<option value="5" selected>(pilihan Anda tadi)</option></select>'),
        ('<details><summary>Tolak</summary><textarea name="a"></textarea></details>', {"a": ["x"]},
         '<details open><summary>Tolak</summary><textarea name="a">\nx</textarea></details>'),
        ('<script>if (a < b) "<input name=a>"</script><input name="a">', {"a": ["x"]},
         '<script>if (a < b) "<input name=a>"</script><input name="a" value="x">'),
        ('<!-- <input name="a"> --><input name="a">', {"a": ["x"]},
         '<!-- <input name="a"> --><input name="a" value="x">'),
    ],
)  # fmt: skip
def test_a_field_holds_what_was_typed(sebelum, isi, sesudah):
    assert badan(F.format(sebelum), isi) == F.format(sesudah)


JAHAT = [
    '"><script>alert(1)</script>',
    "' onfocus=alert(1) x='",
    "</textarea><img src=x onerror=a>",
    "&quot;&gt;",
    "{{ x }}{% y %}",
]


@pytest.mark.parametrize("jahat", JAHAT)
def test_whatever_was_typed_stays_text(jahat):
    form = F.format('<input name="a"><textarea name="b"></textarea>'
                    '<select name="c" class="admin-autocomplete"></select>'
                    '<input name="s-TOTAL_FORMS">')  # fmt: skip
    isi = {"a": [jahat], "b": [jahat], "c": [jahat], "s-TOTAL_FORMS": ["3"],
           f"s-2-{jahat}": [jahat]}  # fmt: skip

    hasil = isikan(form, isi)

    pembaca = pengisi._Pembaca(hasil.html)
    assert [k.tag for k in pembaca.kontrol] == ["input"] * 3 + ["textarea", "select", "input"]
    nilai = [k.atribut["value"] for k in pembaca.kontrol if k.tag == "input"]
    assert nilai == ["ACUAN", jahat, jahat, "3"]
    assert pembaca.kontrol[4].pilihan[0].atribut["value"] == jahat
    for awas in ("<script>alert", "<img", " onfocus=alert(1) x='\""):
        assert awas not in hasil.html


def test_only_the_form_that_is_sent_there_is_filled():
    lain = '<form method="post" action="/lain/"><input name="a"></form><input name="a">'
    cari = '<form action="/a/"><input name="a"></form>'

    hasil = badan(lain + cari + F.format('<input name="a">'), {"a": ["x"]})

    assert hasil == lain + cari + F.format('<input name="a" value="x">')


@pytest.mark.parametrize("aksi", ["/a/", "/a/?x=1", "", ".", "http://testserver/a/"])
def test_every_way_to_name_the_address_is_understood(aksi):
    form = f'<form method="POST" action="{aksi}"><input name="a"></form>'

    hasil = isikan(form, {"a": ["x"]}, alamat="/a/?y=2")

    assert 'value="x"' in hasil.html


def test_of_two_forms_for_one_address_the_one_with_the_fields_is_filled():
    tanda = '<form method="post"><input name="surat" value="1"><button name="langkah"></form>'
    balik = tanda.replace("<button", '<textarea name="kata"></textarea><button')

    hasil = badan(tanda + balik, {"surat": ["2"], "kata": ["x"], "langkah": ["kembalikan"]})

    assert hasil == tanda + balik.replace('"1"', '"2"').replace("></textarea", ">\nx</textarea")


def test_of_forms_with_the_same_fields_the_one_with_the_same_hidden_values_is_filled():
    baris = '<form method="post"><input type="hidden" name="orang" value="{}"><input name="a">'
    form = "".join(f"{baris.format(n)}</form>" for n in (1, 2, 3))

    hasil = badan(form, {"orang": ["2"], "a": ["x"]})

    dua = baris.format(2)
    assert hasil == form.replace(dua, dua.replace('name="a"', 'name="a" value="x"'))


@pytest.mark.parametrize(
    ("form", "isi"),
    [
        (F.format("<button>Batalkan</button>"), {}),
        (F.format('<input type="hidden" name="d" value="9"><button name="l" value="t"></button>'),
         {"d": ["7"], "l": ["t"]}),
    ],
)  # fmt: skip
def test_of_a_button_is_told_that_it_was_pressed_and_its_form_stays_as_it_is(form, isi):
    hasil = isikan(form, isi)

    assert hasil.ditekan and not hasil.sisa
    assert badan(form, isi) == form


def test_a_box_whose_tick_was_taken_away_is_no_mere_button():
    form = F.format('<input type="checkbox" name="jam" value="8" checked><button>Simpan</button>')

    hasil = isikan(form, {})

    assert not hasil.ditekan
    assert '<input type="checkbox" name="jam" value="8">' in hasil.html


def test_a_button_that_is_gone_is_told_as_well():
    hasil = isikan('<form method="post" action="/b/"><button>B</button></form>', {"langkah": ["t"]})

    assert (hasil.html, hasil.ditekan) == (None, True)


def test_fields_outside_that_name_the_form_belong_to_it():
    form = '<form method="post" id="f"></form><input name="a" form="f"><input name="a" form="g">'

    assert badan(form, {"a": ["x"]}) == form.replace('"a" form="f"', '"a" form="f" value="x"')


def test_a_file_that_is_kept_is_not_required_any_more():
    form = F.format('<input type="file" name="f" required><input type="file" name="g" required>')

    hasil = badan(form, {}, berkas=[unggahan("f")])

    assert hasil == form.replace('"f" required', '"f"')


FOTO = "image/*,application/pdf"


@pytest.mark.parametrize(
    ("accept", "nama", "jenis", "nasib"),
    [
        (FOTO, "ktp.jpg", "image/jpeg", "sampai"),
        (FOTO, "KTP.PDF", "application/pdf", "sampai"),
        (FOTO, "ktp.jpg", "application/octet-stream", "sampai"),
        (FOTO, "ktp", "", "sampai"),  # nobody can tell: the form will
        (FOTO, "surat.doc", "application/msword", "jenis"),
        (FOTO, "ktp.mp4", "", "jenis"),
        (".xlsx, .csv", "warga.XLSX", "application/zip", "sampai"),
        (".xlsx, .csv", "warga.pdf", "application/pdf", "jenis"),
        ("", "apa saja.doc", "application/msword", "sampai"),
    ],
)
def test_a_file_of_another_kind_than_its_field_asks_for_has_to_be_chosen_again(
    accept, nama, jenis, nasib
):
    form = F.format(f'<input type="file" name="f" accept="{accept}" required>')

    hasil = isikan(form, {}, berkas=[unggahan("f", nama, jenis)])

    assert hasil.berkas == {"f": nasib}
    assert ("required" in hasil.html) == (nasib == "jenis")


def test_what_finds_no_field_is_told_and_rows_of_a_script_go_along():
    form = F.format('<input type="hidden" name="m-TOTAL_FORMS" value="1"><input name="m-0-dasar">')
    isi = {"m-TOTAL_FORMS": ["2"], "m-0-dasar": ["A"], "m-1-dasar": ["B"], "catatan": ["C"],
           "_save": ["Simpan"], "aksi": ["kirim"], "sudah-dilihat": ["3"],
           "kosong": [""]}  # fmt: skip

    hasil = isikan(form, isi)

    assert hasil.sisa == [("m-1-dasar", "B"), ("catatan", "C")]
    assert hasil.ikut == {"m-1-dasar"}
    assert '<input type="hidden" name="m-1-dasar" value="B">' in hasil.html
    assert 'name="catatan"' not in hasil.html


def test_a_choice_that_is_no_longer_offered_is_told():
    form = F.format('<select name="a"><option value="1">A</option></select>')

    assert isikan(form, {"a": ["2"]}).sisa == [("a", "2")]


def test_a_page_without_the_form_stays_as_it_is():
    assert (
        isikan('<form method="post" action="/b/"><input name="a"></form>', {"a": ["x"]}).html
        is None
    )
    assert pengisi.sisipkan("<p>tanpa main</p>", "x") == "<p>tanpa main</p>"
    assert pengisi.sisipkan("<main>\n<p>", "x") == "<main>x\n<p>"


def test_rows_that_were_added_by_a_button_go_along_too():
    form = F.format('<input name="waris-0-nama"><input name="waris-1-nama">')
    isi = {f"waris-{n}-nama": [f"Nama {n}"] for n in range(4)}

    hasil = isikan(form, isi)

    assert hasil.ikut == {"waris-2-nama", "waris-3-nama"}
    assert '<input type="hidden" name="waris-3-nama" value="Nama 3">' in hasil.html
