import pytest

from penduduk.identitas import telepon

TIDAK_TERBACA = "Nomor HP tidak dapat dibaca. Tulis seperti 0812 3456 7890."
PANJANG_SALAH = "Nomor HP ini kurang atau lebih angkanya. Periksa lagi nomornya."
TELEPON_RUMAH = "Nomor ini telepon rumah, tidak dapat menerima WhatsApp. Isi nomor HP."


@pytest.mark.parametrize(
    "teks",
    [
        "081234567890",
        "81234567890",
        "6281234567890",
        "+6281234567890",
        "0812 3456 7890",
        "0812-3456-7890",
        "0812.3456.7890",
        "(0812) 3456 7890",
        "+62 812-3456-7890",
        "(+62) 812 3456 7890",
        "(62) 81234567890",
        "62 812 3456 7890",
        "+62 0812 3456 7890",
        "  081234567890\t",
        "0812\u00a03456\u00a07890",
        "0812–3456–7890",
        "\u202a+62 812-3456-7890\u202c",  # copied from a phone book
        "٠٨١٢٣٤٥٦٧٨٩٠",
        "0812/3456/7890",
        "00 62 812 3456 7890",
        "+62 (0)812-3456-7890",
        "No. WA: 0812 3456 7890",
        "081234567890 (WA)",
        "tel:+6281234567890",
        "'081234567890",
    ],
)
def test_nomor_hp_in_any_usual_spelling_becomes_e164(teks):
    hasil = telepon.rapikan(teks)

    assert hasil == "+6281234567890"


@pytest.mark.parametrize(
    ("teks", "e164"),
    [
        ("0811 1234 567", "+628111234567"),
        ("0895-1234-56789", "+62895123456789"),
        ("+61 412 345 678", "+61412345678"),
        ("+1 415 555 2671", "+14155552671"),
        ("+44 7400 123456", "+447400123456"),
    ],
)
def test_short_long_and_foreign_nomor_hp_is_accepted(teks, e164):
    assert telepon.rapikan(teks) == e164


@pytest.mark.parametrize("teks", ["036321234", "0363 21234", "+62 363 21234", "+44 20 7946 0958"])
def test_landline_is_refused(teks):
    with pytest.raises(telepon.NomorTidakSah) as galat:
        telepon.rapikan(teks)

    assert str(galat.value) == TELEPON_RUMAH


@pytest.mark.parametrize(
    "teks",
    ["0812345", "0812 3456", "62812", "08123456789012", "0812345678901234", "+6281", "412345678"],
)
def test_nomor_hp_of_wrong_length_is_refused(teks):
    with pytest.raises(telepon.NomorTidakSah) as galat:
        telepon.rapikan(teks)

    assert str(galat.value) == PANJANG_SALAH


@pytest.mark.parametrize(
    "teks",
    [
        "",
        "   ",
        "abc",
        "+",
        "0812ABC4567",  # not the keys of an old telephone
        "081234abcdef",
        "081234567890 ext 5",
        "081234567890 (istri)",
        "HP saya 081234567890",
        "081234567890, 081234567891",
        "081234567890;phone-context=+1",
        "<b>081234567890</b>",
        "08" * 200,
    ],
)
def test_what_is_no_nomor_hp_is_refused(teks):
    with pytest.raises(telepon.NomorTidakSah) as galat:
        telepon.rapikan(teks)

    assert str(galat.value) == TIDAK_TERBACA


@pytest.mark.parametrize(
    ("e164", "tampak"),
    [
        ("+6281234567890", "0812-3456-7890"),
        ("+14155552671", "+1 415-555-2671"),
        ("bukan nomor", "tanpa nomor HP"),
        ("", ""),
    ],
)
def test_tampil_is_local_for_indonesia_and_with_country_code_for_others(e164, tampak):
    assert telepon.tampil(e164) == tampak


@pytest.mark.parametrize(("e164", "tampak"), [("+6281234567890", "••••7890"), ("", "")])
def test_samarkan_leaves_the_last_four_digits(e164, tampak):
    assert telepon.samarkan(e164) == tampak
