import secrets

import pytest

from surat.terbit import kode_cek

CONTOH = [kode_cek.buat() for _ in range(25)]
TETAP = "ABCDEFGHJ"  # nine characters whose check character is computed below by hand
SAH = TETAP + "4"


def test_alphabet_has_31_characters_that_nobody_confuses():
    assert len(kode_cek.ALFABET) == len(set(kode_cek.ALFABET)) == 31
    assert set("01OIL") & set(kode_cek.ALFABET) == set()
    assert kode_cek.ALFABET.upper() == kode_cek.ALFABET


def test_check_character_is_the_weighted_sum_modulo_31():
    # A=8 B=9 C=10 D=11 E=12 F=13 G=14 H=15 J=16; sum of i·value = 600; 600 + 10·c ≡ 0 (mod 31)
    sah = [c for c in kode_cek.ALFABET if kode_cek.sah(TETAP + c)]

    jumlah = 8 + 2 * 9 + 3 * 10 + 4 * 11 + 5 * 12 + 6 * 13 + 7 * 14 + 8 * 15 + 9 * 16
    harap = next(c for c in range(31) if (jumlah + 10 * c) % 31 == 0)
    assert jumlah == 600
    assert sah == [kode_cek.ALFABET[harap]]


def test_fresh_codes_are_valid_and_random():
    kode = [kode_cek.buat() for _ in range(500)]

    assert [k for k in kode if not kode_cek.sah(k)] == []
    assert len(set(kode)) == 500
    assert {len(k) for k in kode} == {10}


def test_every_single_wrong_character_is_noticed():
    lolos = [
        (kode, i, c)
        for kode in CONTOH
        for i in range(10)
        for c in kode_cek.ALFABET
        if c != kode[i] and kode_cek.sah(kode[:i] + c + kode[i + 1 :])
    ]

    assert lolos == []


def test_every_swap_of_two_characters_is_noticed():
    lolos = []
    for kode in CONTOH:
        for i in range(10):
            for j in range(i + 1, 10):
                huruf = list(kode)
                huruf[i], huruf[j] = huruf[j], huruf[i]
                if kode[i] != kode[j] and kode_cek.sah("".join(huruf)):
                    lolos.append((kode, i, j))

    assert lolos == []


def test_no_weight_makes_a_wrong_or_swapped_character_pass():
    """For every code there is: what one change or one swap adds to the sum is never 0 mod 31."""
    bobot, angka = range(1, 11), range(1, 31)

    assert [(w, d) for w in bobot for d in angka if w * d % 31 == 0] == []
    assert [
        (v, w, d) for v in bobot for w in bobot for d in angka if v != w and (v - w) * d % 31 == 0
    ] == []


def test_guessed_code_is_rarely_valid():
    tebakan = ["".join(secrets.choice(kode_cek.ALFABET) for _ in range(10)) for _ in range(3100)]

    assert sum(map(kode_cek.sah, tebakan)) < 200  # one in 31


@pytest.mark.parametrize("salah", ["", "A", SAH[:9], SAH + "A", SAH.lower()])
def test_code_of_wrong_form_is_refused(salah):
    assert kode_cek.sah(salah) is False


@pytest.mark.parametrize("asing", ["0", "1", "O", "I", "L", " ", "-", "Ａ", "é", "\0"])
def test_characters_outside_the_alphabet_are_wrong_and_not_guessed(asing):
    for i in range(10):
        assert kode_cek.sah(SAH[:i] + asing + SAH[i + 1 :]) is False


@pytest.mark.parametrize(
    "teks", ["ABCDE-FGHJK", "abcde-fghjk", " ABCDE FGHJK\n", "a-b-c-d-e-f-g-h-j-k"]
)
def test_rapikan_takes_what_was_typed(teks):
    assert kode_cek.rapikan(teks) == "ABCDEFGHJK"


def test_printed_code_reads_back():
    hasil = [kode_cek.rapikan(kode_cek.tampil(k)) for k in CONTOH]

    assert kode_cek.tampil("ABCDEFGHJK") == "ABCDE-FGHJK"
    assert hasil == CONTOH


# --- Words for who typed it ---------------------------------------------------------------------


def test_right_form_needs_no_words():
    assert [kode_cek.salahnya(k) for k in CONTOH] == [""] * len(CONTOH)


@pytest.mark.parametrize(
    ("ketikan", "kata"),
    [
        ("", "Ketik dulu kodenya"),
        (SAH[:9], "kurang 1 huruf"),
        (SAH[:4], "kurang 6 huruf"),
        (SAH + "AB", "kelebihan 2 huruf"),
        *((SAH[:2] + asing + SAH[3:], f"Tanda ke-3 (“{asing}”)") for asing in "0O1IL"),
        (SAH[:9] + "#", "Tanda ke-10 (“#”) tidak dipakai"),
    ],
)
def test_words_say_what_is_wrong(ketikan, kata):
    assert kata in kode_cek.salahnya(ketikan)


@pytest.mark.parametrize("asing", "0O1IL")
def test_look_alikes_are_named_together(asing):
    kalimat = kode_cek.salahnya(asing * 10)

    assert "Angka 0 dan 1 serta huruf O, I dan L tidak pernah ada" in kalimat


def test_wrong_or_swapped_character_gives_one_sentence_that_tells_nothing_more():
    kalimat = set()
    for kode in CONTOH:
        for i, c in ((i, c) for i in range(10) for c in kode_cek.ALFABET if c != kode[i]):
            kalimat.add(kode_cek.salahnya(kode[:i] + c + kode[i + 1 :]))

    assert len(kalimat) == 1
    assert "salah atau tertukar tempat" in kalimat.pop()
