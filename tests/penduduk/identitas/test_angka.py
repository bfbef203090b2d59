import pytest

from penduduk.identitas import angka, nik


@pytest.mark.parametrize(
    "teks",
    [
        *("616554", "616 554", " 616.554 ", "616-554", "6 1 6 5 5 4", "616\u00a0554", "616–554"),
        *(
            "616\u200b554",
            "\u202a616554\u202c",
            "'616554",
            "616,554",
            "６１６５５４",
            "６１６　５５４",
        ),
    ],
)
def test_what_parts_groups_of_digits_goes(teks):
    assert angka.rapikan(teks) == "616554"


@pytest.mark.parametrize("teks", ["61655", "6165544", "61655a", "٦١٦٥٥٤", ""])
def test_letters_and_digits_of_other_scripts_are_no_number(teks):
    assert angka.semua_angka(angka.rapikan(teks), 6) is False


@pytest.mark.parametrize("awal", ["NIK: ", "NIK", "nik ", "No. KK ", "Nomor KK: ", "KK="])
def test_name_of_the_number_before_it_goes(awal):
    assert nik.rapikan(f"{awal}5107 0412 0390 9901") == "5107041203909901"


@pytest.mark.parametrize(
    "teks", ["5107 0401 0099 0001", "5107.0401.0099.0001", "No KK 5107040100990001"]
)
def test_kk_number_is_read_as_it_is_typed(teks):
    assert nik.periksa_kk(teks) == "5107040100990001"


@pytest.mark.parametrize("teks", ["510704010099000", "51070401009900011", "510704010099000A", ""])
def test_kk_number_of_another_form_is_refused_with_a_sentence(teks):
    with pytest.raises(nik.NIKTidakSah, match="Nomor KK harus 16 angka"):
        nik.periksa_kk(teks)
