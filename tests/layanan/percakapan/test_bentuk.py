"""Whatever comes in, from whomever: it is answered, part of a request, or with an operator."""

import json
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from layanan.kotak_keluar import anggaran
from layanan.models import Berkas, CatatanWarga, Notifikasi, Percakapan, PermintaanPIN, PesanMasuk
from layanan.percakapan import bentuk
from penduduk.models import Akun
from tests import factories
from tests.layanan.percakapan.conftest import kode

pytestmark = [
    pytest.mark.sekali,
    pytest.mark.django_db,
    pytest.mark.usefixtures("tanpa_data_pribadi"),
]
HP = "+6281234567890"  # the number of factories.buat_warga
BSUID = "ID.13491208655302741918"
KTP = factories.foto(warna="navy").read()
WEBP = b"RIFF\x24\0\0\0WEBPVP8X" + b"\0" * 24
SUARA = b"OggS\0\2" + b"\0" * 58
KARTU = b"BEGIN:VCARD\nVERSION:3.0\nFN:Ni Luh\nitem1.TEL;type=CELL:+62 812 0000 1111\nEND:VCARD"

PENGIRIM = {
    "warga": HP,
    "asing": "+6281234567802",
    "meksiko-521": "+5215512345678",
    "meksiko-52": "+525512345678",
    "telepon-rumah": "+62363123456",
    "nama-pengguna": BSUID,
    "induk": "ID.ENT.11815799212886844830",
}
BENTUK = {
    "tulisan": {"teks": "Halo, selamat pagi"},
    "tulisan-panjang": {"teks": "a b " * 400},
    "nul": {"teks": "ha\0lo"},
    "emoji": {"teks": "🙏"},
    "aksara": {"teks": "ᬳᬮᭀ"},
    "kosong": {"teks": ""},
    "foto": {"media": [("image/jpeg", KTP)], "teks": "ini"},
    "foto-rusak": {"media": [("image/jpeg", b"\xff\xd8\xff potong")]},
    "sebelas-foto": {
        "media": [("image/jpeg", factories.foto(ukuran=(200 + n, 150)).read()) for n in range(11)],
        "sekaligus": True,
    },
    "stiker": {"media": [("image/webp", WEBP)]},
    "suara": {"media": [("audio/ogg; codecs=opus", SUARA)]},
    "suara-asing": {"media": [("audio/x-aneh", SUARA)]},
    "video": {"media": [("video/mp4", b"\0\0\0 ftypmp42")]},
    "dokumen": {"media": [("application/msword", b"\xd0\xcf\x11\xe0")]},
    "pdf": {"media": [("application/pdf", b"%PDF-1.4 rusak")]},
    "kontak": {"media": [("text/vcard", KARTU)]},
    "lokasi": {"lokasi": (-8.4977, 115.5879)},
    "tombol": {"teks": "", "lain": {"MessageType": "button", "ButtonText": "STATUS"}},
    "daftar": {"teks": "", "lain": {"MessageType": "interactive", "ListTitle": "STATUS"}},
    "reaksi": {"teks": "👍", "lain": {"MessageType": "reaction"}},
    "ubahan": {"teks": "Maksud saya besok", "lain": {"MessageType": "edited"}},
    "hapusan": {"teks": "", "lain": {"MessageType": "deleted"}},
    "asing": {"teks": "", "lain": {"MessageType": "unsupported"}},
    "media-tanpa-alamat": {"teks": "", "lain": {"NumMedia": "2"}},
    "jumlah-aneh": {"teks": "", "lain": {"NumMedia": "-1", "MessageType": "image"}},
}


def tertinggal() -> list[PesanMasuk]:
    """Messages that nobody has answered and nobody sees."""
    hasil = []
    for satu in PesanMasuk.objects.all():
        terlihat = satu.catatan_id or satu.permintaan_id or satu.permohonan_id
        if not (terlihat or satu.keadaan == "TANYA" or Notifikasi.objects.filter(masuk=satu)):
            hasil.append(satu)
    return hasil


_BEBERAPA = ("tulisan", "foto", "stiker", "suara", "tombol", "asing")
_PASANGAN = {
    f"{bentuk}-{pengirim}": (PENGIRIM[pengirim], BENTUK[bentuk])
    for pengirim in PENGIRIM
    for bentuk in (BENTUK if pengirim in ("warga", "nama-pengguna") else _BEBERAPA)
}


@pytest.mark.parametrize(("dari", "isi"), _PASANGAN.values(), ids=list(_PASANGAN))
def test_every_shape_from_everybody_is_answered_once_and_seen_when_repeated(dari, isi, chat, warga):
    jawab = chat.kirim(dari, **isi)

    assert len(jawab) == (0 if isi.get("lain", {}).get("MessageType") == "reaction" else 1)
    chat.kirim(dari, **isi)
    assert PesanMasuk.objects.count() == 2
    assert not PesanMasuk.objects.filter(keadaan="MENUNGGU")
    assert tertinggal() == []
    assert not PesanMasuk.objects.exclude(media=[]), "nothing is left at the provider"


@pytest.mark.parametrize(
    "dari",
    ["whatsapp:", "", "messenger:12345", "whatsapp:+62", "whatsapp:siapa?", "+6281234567802"],
)
def test_sender_of_a_kind_that_we_do_not_know_reaches_an_operator(dari, chat):
    chat.kirim(HP, teks="halo", lain={"From": dari})

    satu = PesanMasuk.objects.get()
    assert satu.keadaan == "PETUGAS"
    assert satu.catatan.teks == "halo"


@pytest.mark.parametrize("sid", ["", "bukan sid", "x" * 60])
def test_message_without_a_usable_id_is_kept_and_a_repeat_of_it_is_known(sid, chat):
    for _ in range(2):
        chat.palsu.masuk(dari=HP, teks="halo", sid="SM" + "c" * 32, lain={"MessageSid": sid})
        chat.palsu.kotak_masuk.clear()

    assert PesanMasuk.objects.count() == 1


@pytest.mark.parametrize("berkas", ["telepon-kantor-dengan-wa.json", "meksiko-521.json"])
def test_form_of_a_real_message_is_answered_at_the_address_it_came_from(berkas, chat):
    isi = json.loads((Path(__file__).parent / "masukan" / berkas).read_text())

    dari = isi["From"].removeprefix("whatsapp:")
    assert len(chat.kirim(dari, teks=isi["Body"], lain=isi)) == 1

    assert PesanMasuk.objects.get().catatan.teks == "halo"
    assert chat.palsu.messages[0].ke == isi["From"]


# --- What it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("isi", "jawab"),
    [
        ("stiker", "balas_stiker"),
        ("suara", "balas_suara"),
        ("video", "balas_video"),
        ("dokumen", "balas_dokumen"),
        ("kontak", "balas_kontak"),
        ("lokasi", "balas_lokasi"),
        ("ubahan", "balas_ubahan"),
        ("hapusan", "balas_hapusan"),
        ("asing", "balas_asing"),
        ("kosong", "balas_asing"),
        ("tombol", "balas_status_kosong"),
        ("daftar", "balas_status_kosong"),
        ("suara-asing", "balas_media_gagal"),
        ("foto-rusak", "balas_foto_ditolak"),
    ],
)
def test_each_kind_has_words_of_its_own(isi, jawab, chat):
    assert [kode(t) for t in chat.kirim("+6281234567802", **BENTUK[isi])] == [jawab]


def test_sticker_is_no_identity_card(chat):
    chat.kirim("+6281234567802", media=[("image/webp", WEBP)])

    assert not PermintaanPIN.objects.exists()
    assert not Berkas.objects.exists()


def test_voice_note_lies_ready_for_the_operator(chat):
    chat.kirim(HP, media=[("audio/ogg; codecs=opus", SUARA)])

    satu = Berkas.objects.get()
    assert (satu.jenis_isi, satu.keadaan) == ("audio/ogg", "SIAP")
    with default_storage.open(satu.berkas) as isi:
        assert isi.read() == SUARA
    assert satu.masuk.catatan.teks == "[pesan suara]"


def test_contact_and_place_are_told_to_the_operator_in_words(chat):
    chat.kirim(HP, media=[("text/vcard", KARTU)])
    chat.kirim(HP, lokasi=(-8.4977, 115.5879), lain={"Label": "Pura", "Address": "Bugbug"})

    assert CatatanWarga.objects.get().teks.splitlines() == [
        "[kontak] Ni Luh, +62 812 0000 1111",
        "[lokasi] -8.4977, 115.5879 – Pura – Bugbug",
    ]


def test_edited_command_is_obeyed(chat, warga):
    jawab = chat.kirim(HP, teks="BERHENTI", lain={"MessageType": "edited"})

    assert [kode(t) for t in jawab] == ["balas_berhenti"]


def test_text_that_no_table_could_hold_is_cut_and_says_so():
    isi = bentuk.baca({"From": f"whatsapp:{HP}", "Body": "x" * 20_000})

    assert isi.teks.endswith("… (dipotong)")
    assert len(isi.teks) < 10_100


# --- Who it is -----------------------------------------------------------------------------------


def test_number_and_id_are_joined_when_one_message_carries_both(chat, warga):
    chat.kirim(BSUID, teks="halo")
    chat.kirim(HP, teks="halo", lain={"ExternalUserId": BSUID})
    chat.kirim(BSUID, teks="halo lagi")

    nomor = dict(Percakapan.objects.values_list("alamat", "nomor_hp"))
    assert nomor == {BSUID: HP, HP: HP}


def test_joined_id_acts_for_the_account_of_its_number(chat, warga):
    satu = factories.buat_permohonan(warga)
    chat.kirim(HP, teks="halo", lain={"ExternalUserId": BSUID})

    (jawab,) = chat.kirim(BSUID, teks="STATUS")

    assert satu.nomor in jawab


def test_id_with_a_number_in_the_same_message_is_known_at_once(chat, warga):
    satu = factories.buat_permohonan(warga)

    (jawab,) = chat.kirim(BSUID, teks="STATUS", lain={"WaId": HP.removeprefix("+")})

    assert satu.nomor in jawab


@pytest.mark.parametrize("dari", ["+5215512345678", "+525512345678"])
def test_mexican_number_is_one_number_in_both_spellings(dari, chat, warga):
    Akun.objects.filter(pk=warga.pk).update(nomor_hp="+525512345678", dijaga_pada=timezone.now())

    chat.kirim(dari, teks="BUKA")

    warga.refresh_from_db()
    assert warga.dijaga_pada is None


def test_stranger_without_a_number_can_ask_for_a_pin(chat):
    for warna in ("navy", "maroon"):
        foto = [("image/jpeg", factories.foto(warna=warna).read())]
        jawab = chat.kirim(BSUID, nama="Wayan", media=foto)

    satu = PermintaanPIN.objects.get()
    assert (satu.keadaan, satu.nomor_hp) == ("MENUNGGU", BSUID)
    assert [kode(t) for t in jawab] == ["balas_lengkap"]


def test_message_whose_answer_the_budget_forbids_reaches_an_operator(chat, warga, monkeypatch):
    monkeypatch.setitem(anggaran.SEHARI, "balasan", anggaran.Anggaran(("balas_",), nomor=1))
    assert len(chat.kirim(HP, teks="STATUS")) == 1

    assert chat.kirim(HP, teks="BUKA") == []

    satu = PesanMasuk.objects.latest("pk")
    assert (satu.keadaan, satu.catatan.teks) == ("PETUGAS", "BUKA")
