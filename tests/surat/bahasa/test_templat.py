import pytest
from django.utils.html import conditional_escape

from surat.bahasa import templat

KUNCI = ["keperluan", "nama_usaha", "jumlah"]
HANYA = "Hanya {{ nama }} dan {% if nama %} … {% endif %} yang dapat dipakai di templat."
SARINGAN = "Saringan (tanda |) tidak dapat dipakai di templat surat."
CARA = "Sisipan ditulis {{ nama }}; bagian bersyarat {% if nama %} … {% endif %}."


def pesan(teks: str) -> str:
    with pytest.raises(templat.TemplatTidakSah) as galat:
        templat.periksa(teks, KUNCI)
    return str(galat.value)


# --- What may be written -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "teks",
    [
        "",
        "Tanpa sisipan sama sekali.",
        "{{ nama }} {{nik}} {{   keperluan   }}",
        "{% if banjar %}a{% endif %}",
        "{% if banjar %}a{% else %}b{% endif %}",
        "{% if banjar %}a{% elif nama_usaha %}b{% elif jumlah %}c{% else %}d{% endif %}",
        "{% if banjar and nama_usaha or not jumlah %}a{% endif %}",
        '{% if status_perkawinan == "Kawin" %}a{% endif %}',
        "{% if status_perkawinan != 'Kawin' and agama == \"Hindu\" %}a{% endif %}",
        '{% if "Kawin" in status_perkawinan %}a{% endif %}',
        "{% if banjar %}{% if nama %}{{ nama }}{% endif %}{% endif %}",
        "Kurung { biasa } dan 100% boleh.",
        "{# catatan untuk petugas #}",
        *(f"{{{{ {nama} }}}}" for nama in sorted(templat.TETAP)),
    ],
)
def test_text_variables_and_conditions_are_accepted(teks):
    assert templat.periksa(teks, KUNCI) is None


# --- What may not ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "teks",
    [
        "{% load %}",
        '{% include "penduduk/masuk.html" %}',
        '{% extends "base.html" %}',
        '{% now "Y" %}',
        "{% debug %}",
        "{% csrf_token %}",
        "{% for x in nama %}{{ x }}{% endfor %}",
        "{% with a=nama %}{{ nama }}{% endwith %}",
        "{% autoescape off %}{{ nama }}{% endautoescape %}",
        "{% filter upper %}{{ nama }}{% endfilter %}",
        "{% firstof nama nik %}",
        '{% url "beranda" %}',
        "{% verbatim %}{{ nama }}{% endverbatim %}",
        "{% comment %}{{ nama }}{% endcomment %}",
        "{% templatetag openblock %}",
        "{% block isi %}{% endblock %}",
        "{% lorem %}",
        "{% if nama %}{% debug %}{% endif %}",
        "{% if nama %}a{% else %}{% now 'Y' %}{% endif %}",
    ],
)
def test_every_other_tag_is_refused(teks):
    assert pesan(teks) == HANYA


@pytest.mark.parametrize(
    "teks", ["{% load static %}", "{% load i18n %}", "{% static 'a' %}", "{% trans 'a' %}"]
)
def test_tag_libraries_do_not_exist(teks):
    assert pesan(teks).startswith(f"Tanda {{% {teks.split()[1]} %}} tidak dikenal.")


@pytest.mark.parametrize(
    "teks",
    [
        "{{ nama|safe }}",
        "{{ nama|upper }}",
        "{{ nama|default:nik }}",
        "{% if nama|length %}a{% endif %}",
        "{% if not nama|length > 3 %}a{% endif %}",
        '{{ "a"|upper }}',
    ],
)
def test_filters_are_refused(teks):
    assert pesan(teks) == SARINGAN


@pytest.mark.parametrize(
    ("teks", "nama"),
    [
        ("{{ nama.x }}", "nama.x"),
        ("{{ nama.__class__ }}", None),
        ("{{ nama.0 }}", "nama.0"),
        ("{% if nama.x %}a{% endif %}", "nama.x"),
        ("{% if nama and nik.x %}a{% endif %}", "nik.x"),
        ("{% if nama %}a{% elif nama.x %}b{% endif %}", "nama.x"),
    ],
)
def test_attributes_are_out_of_reach(teks, nama):
    kata = pesan(teks)

    if nama is None:
        assert kata == f"Sisipan {{{{ nama.__class__ }}}} tidak dapat dibaca. {CARA}"
    else:
        dasar = nama.split(".")[0]
        harap = f"Sisipan {{{{ {nama} }}}} tidak dikenal. Maksud Anda {{{{ {dasar} }}}}?"
        assert kata == harap


@pytest.mark.parametrize(
    ("teks", "salah", "maksud"),
    [
        ("{{ namaa }}", "namaa", "nama"),
        ("{{ keperluann }}", "keperluann", "keperluan"),
        ("{{ nama_usah }}", "nama_usah", "nama_usaha"),
        ("{{ tanggal_lair }}", "tanggal_lair", "tanggal_lahir"),
        ("{% if banjarr %}a{% endif %}", "banjarr", "banjar"),
        ("{% if banjar %}{{ keprluan }}{% endif %}", "keprluan", "keperluan"),
        ('{% if keprluan == "a" %}b{% endif %}', "keprluan", "keperluan"),
    ],
)
def test_typo_is_refused_with_the_nearest_name(teks, salah, maksud):
    assert pesan(teks) == (
        f"Sisipan {{{{ {salah} }}}} tidak dikenal. Maksud Anda {{{{ {maksud} }}}}?"
    )


@pytest.mark.parametrize("nama", ["qqqqqq", "True", "None", "block", "forloop", "request", "user"])
def test_unknown_name_is_refused(nama):
    assert pesan(f"{{{{ {nama} }}}}").startswith(f"Sisipan {{{{ {nama} }}}} tidak dikenal.")


def test_field_of_another_jenis_is_unknown():
    with pytest.raises(templat.TemplatTidakSah):
        templat.periksa("{{ nama_usaha }}", ["keperluan"])

    assert templat.periksa("{{ nama_usaha }}", KUNCI) is None


@pytest.mark.parametrize(
    ("teks", "sisa"),
    [
        ("Nama: {{ nama", "{{"),
        ("Nama: {{ nama }", "{{"),
        ("Nama: { nama }}", "}}"),
        ("Nama: {{ nama\n}}", "{{"),
        ("{% if nama", "{%"),
        ("{% if nama %}{{ nama }{% endif %}", "{{"),
        ("if nama %}a", "%}"),
        ("{# catatan", "{#"),
        ("{{{ nama }}}", None),
    ],
)
def test_tag_without_its_other_half_is_refused(teks, sisa):
    kata = pesan(teks)

    if sisa:
        assert kata == f"Ada {sisa} tanpa pasangannya. {CARA}"
    else:
        assert kata.startswith("Sisipan {{ { nama }} tidak dapat dibaca. Maksud Anda {{ nama }}?")


@pytest.mark.parametrize(
    ("teks", "kalimat"),
    [
        ("{% if nama %}a", "Bagian {% if nama %} belum ditutup dengan {% endif %}."),
        ("{% if nama %}a{% else %}", "Bagian {% if nama %} belum ditutup dengan {% endif %}."),
        ("a{% endif %}", "Ada {% endif %} tanpa {% if … %} di depannya."),
        ("{% else %}", "Ada {% else %} tanpa {% if … %} di depannya."),
        ("{% iff nama %}", "Tanda {% iff %} tidak dikenal. Maksud Anda {% if %}?"),
        ("{{ }}", "Ada sisipan yang kosong."),
        ("{% %}", "Ada sisipan yang kosong."),
        ("{% if %}a{% endif %}", "Syarat {% if %} tidak dapat dibaca."),
        (
            "{% if nama = nik %}a{% endif %}",
            "Syarat {% if nama = nik %} tidak dapat dibaca. Untuk membandingkan, pakai dua tanda "
            "sama dengan (==).",
        ),
        ("{% if nama and %}a{% endif %}", "Syarat {% if nama and %} tidak dapat dibaca."),
        ("{{ nama nik }}", "Sisipan {{ nama nik }} tidak dapat dibaca."),
        (
            "{{ Nama Usaha }}",
            "Sisipan {{ Nama Usaha }} tidak dapat dibaca. Maksud Anda {{ nama_usaha }}?",
        ),
        (
            "{{ nama-usaha }}",
            "Sisipan {{ nama-usaha }} tidak dapat dibaca. Maksud Anda {{ nama_usaha }}?",
        ),
        ("{{ nama() }}", "Sisipan {{ nama() }} tidak dapat dibaca."),
    ],
)
def test_unfinished_or_garbled_tags_are_refused_with_the_way_to_write_them(teks, kalimat):
    kata = pesan(teks)

    assert kata.startswith(kalimat)
    assert kata.endswith(CARA)


def test_complaint_knows_its_line_and_all_of_them_are_found():
    teks = "satu\n\n{{ namaa }} dan\n{% if nama %}\n{{ keprluan }}{% endif %}"

    assert [(g.baris, str(g).split("}}")[0] + "}}") for g in templat.temuan(teks, KUNCI)] == [
        (3, "Sisipan {{ namaa }}"),
        (5, "Sisipan {{ keprluan }}"),
    ]
    assert [g.baris for g in templat.temuan("a\nb\nc {{ nama", KUNCI)] == [3]
    assert [g.baris for g in templat.temuan("a\n{% if nama %}\nc", KUNCI)] == [2]
    assert templat.temuan("{{ nama }}", KUNCI) == []


def test_names_in_use_are_told_with_their_line():
    teks = "{{ nama }}\n{% if jumlah %}{{ nama }}\n{{ keperluan }}{% endif %}"

    assert templat.dipakai(teks) == {"nama": 1, "jumlah": 2, "keperluan": 3}
    assert templat.dipakai("{{ nama") == {}


@pytest.mark.parametrize(
    "teks",
    [
        "{% if nama %}" * 2000 + "{% endif %}" * 2000,
        "{% if nama %}" * 9 + "{% endif %}" * 9,
        "{% if " + "not " * 3000 + "nama %}a{% endif %}",
        "{% if nama" + " or nama" * 3000 + " %}a{% endif %}",
    ],
    ids=["2000 deep", "9 deep", "3000 not", "3000 or"],
)
def test_wording_that_would_exhaust_the_parser_is_refused(teks):
    assert "paling banyak 8 tingkat" in pesan(teks) or "terlalu panjang" in pesan(teks)


def test_eight_levels_are_enough_for_anybody():
    assert templat.periksa("{% if nama %}" * 8 + "{% endif %}" * 8, KUNCI) is None


# --- Rendering ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "nilai",
    [
        "{{ nik }}",
        "{% if nama %}x{% endif %}",
        "{% debug %}",
        "{% include 'base.html' %}",
        "{# a #}",
        "{{ nama|safe }}",
        "{{",
        "100%",
    ],
)
def test_template_syntax_in_a_value_is_printed_literally(nilai):
    hasil = templat.render("Untuk {{ keperluan }}.", {"keperluan": nilai})

    assert hasil.replace("&#x27;", "'") == f"Untuk {nilai}."


@pytest.mark.parametrize(
    ("nilai", "tampak"),
    [
        ("<b>tebal</b>", "&lt;b&gt;tebal&lt;/b&gt;"),
        ('<img src="http://127.0.0.1/">', "&lt;img src=&quot;http://127.0.0.1/&quot;&gt;"),
        ("</p><script>1</script>", "&lt;/p&gt;&lt;script&gt;1&lt;/script&gt;"),
        ("Toko A & B", "Toko A &amp; B"),
        ("&lt;", "&amp;lt;"),
    ],
)
def test_html_in_a_value_is_printed_literally(nilai, tampak):
    hasil = templat.render("{% if keperluan %}{{ keperluan }}{% endif %}", {"keperluan": nilai})

    assert hasil == tampak


def test_html_in_the_wording_is_printed_literally():
    hasil = templat.render(
        'A & B <a rel="attachment" href="file:///etc/hostname">{% if nama %}<b>{{ nama }}</b>'
        "{% else %}<i>{% endif %}",
        {"nama": "Wayan"},
    )

    assert hasil == (
        "A &amp; B &lt;a rel=&quot;attachment&quot; href=&quot;file:///etc/hostname&quot;&gt;"
        "&lt;b&gt;Wayan&lt;/b&gt;"
    )


@pytest.mark.parametrize(
    ("nilai", "hasil"),
    [
        ({"nama": "a", "nik": "b"}, "1"),
        ({"nama": "a", "nik": ""}, "2"),
        ({"nama": "", "nik": "b"}, "3"),
        ({"nama": "", "nik": ""}, "3"),
        ({"nama": "Kawin", "nik": ""}, "0"),
    ],
)
def test_conditions_choose_by_what_is_filled_in(nilai, hasil):
    teks = (
        '{% if nama == "Kawin" %}0{% elif nama and nik %}1{% elif nama and not nik %}2'
        "{% else %}3{% endif %}"
    )

    assert templat.render(teks, nilai) == hasil


def test_notes_for_staff_are_not_printed():
    assert templat.render("a{# rahasia #}b", {}) == "ab"


@pytest.mark.parametrize(
    "teks", ["{{ nama_usaha }}", "{% now 'Y' %}", "{% debug %}", "{{ nama", "{% include 'a' %}"]
)
def test_wording_that_slipped_past_the_check_is_refused_at_rendering(teks):
    with pytest.raises(templat.TemplatTidakSah):
        templat.render(teks, {"nama": "a"})


def test_plain_text_is_left_to_be_escaped_once_by_who_prints_it():
    hasil = templat.render_polos("Toko A & B <b>{{ nama }}", {"nama": "O'Neil & <i>"})

    assert hasil == "Toko A & B <b>O'Neil & <i>"
    assert conditional_escape(hasil) == "Toko A &amp; B &lt;b&gt;O&#x27;Neil &amp; &lt;i&gt;"


def test_plain_text_is_checked_like_any_wording():
    with pytest.raises(templat.TemplatTidakSah):
        templat.render_polos("{{ nama_usaha }}", {"nama": "a"})
