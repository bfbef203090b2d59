"""The door to WhatsApp, over real HTTP against a Twilio of our own."""

import contextlib
import re
import socket
import ssl
import subprocess
import threading
import traceback
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from layanan import transports
from layanan.kata_pesan import katalog
from layanan.kotak_keluar import pengiriman
from layanan.models import Notifikasi, PesanSimulasi
from layanan.transports import galat as galat_kode
from simulator import twilio_palsu as tp
from tests.layanan.conftest import CONTENT_SIDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]

# Twilio's dictionary, read by hand: whose fault a code is. https://www.twilio.com/docs/api/errors
KELAS = {
    "saluran": (
        *(10001, 20003, 20005, 20006, 20403, 21212, 21603, 21606, 21659, 21660, 21910),
        *(30002, 30023, 63001, 63002, 63007, 63008, 63020, 63022, 63038, 63051, 63101, 63112),
    ),
    "sementara": (
        *(20429, 30001, 30003, 30008, 30410, 63009, 63010, 63012, 63017, 63018, 63023, 63029),
    ),
    "jendela": (63016,),
    "nomor": (21211, 21610, 21614, 30004, 30005, 30006, 63003, 63014, 63024, 63033),
    "templat": (21655, 21656, 63027, 63028, 63040, 63041, 63042),
    "pesan": (
        *(11200, 20404, 21408, 21617, 30007, 57012, 63005, 63006, 63011, 63013, 63015),
        *(63019, 63021, 63030, 63031, 63032, 63049),
    ),
}
KODE = {kode: kelas for kelas, semua in KELAS.items() for kode in semua}
_JENIS = {"saluran": transports.GagalSaluran, "sementara": transports.GagalSementara}


def kirim(transport: transports.Transport, baris: Notifikasi) -> str:
    """As the worker does; the code of an authentication template is made on the way."""
    return transport.kirim(pengiriman.susun(baris, butuh_templat=transport.butuh_templat))


def cari(transport: transports.Transport, baris: Notifikasi) -> str | None:
    """As the worker does with a row whose outcome is unknown."""
    sejak = baris.dibuat_pada - timedelta(days=1)
    return pengiriman.yang_cocok(baris, transport.cari(baris.nomor_hp, sejak=sejak))


@pytest.fixture(autouse=True)
def _kode(monkeypatch):
    """The code of an authentication template is made on the way; these rows name nobody."""
    asli = pengiriman._nilai

    def nilai(baris: Notifikasi) -> dict[str, str]:
        rahasia = katalog.PESAN[baris.pesan].cara is katalog.Cara.OTENTIKASI
        return {"pin": "482915"} if rahasia else asli(baris)

    monkeypatch.setattr(pengiriman, "_nilai", nilai)


def galat_dari(panggilan) -> transports.TransportError:
    """The error of a call, after a look at all its words for data of a person."""
    with pytest.raises(transports.TransportError) as tertangkap:
        panggilan()
    galat = tertangkap.value
    assert galat.__suppress_context__ or galat.__context__ is None
    teks = "".join(traceback.format_exception_only(galat)) + repr(galat) + galat.pesan
    assert not re.search(r"\d{16}|62\d{8}|81234|I Wayan", teks)
    assert galat.pesan.endswith(".") and galat.kode and len(galat.kode) <= 10
    return galat


# --- Sending ---------------------------------------------------------------------------------


def test_message_reaches_twilio_as_an_approved_template(twilio, tulis, settings):
    settings.PUBLIC_BASE_URL = "https://desa.example"
    baris = tulis("menunggu_ttd")

    sid = kirim(transports.pilih(), baris)

    (terkirim,) = twilio.messages
    assert terkirim.sid == sid
    assert terkirim.ke == f"whatsapp:{baris.nomor_hp}"
    assert terkirim.isian == {
        "To": "whatsapp:+6281234567890",
        "From": twilio.pengirim,
        "ContentSid": CONTENT_SIDS["menunggu_ttd"],
        "ContentVariables": terkirim.isian["ContentVariables"],
        "StatusCallback": f"https://desa.example/webhook/twilio/status/?p=0&n={baris.pk}",
    }
    nomor = baris.riwayat.permohonan.nomor
    alamat = f"desa.example/layanan/permohonan/{nomor}/"
    assert terkirim.variabel == {"1": "Surat Uji", "2": nomor, "3": "Perbekel", "4": alamat}
    assert terkirim.body == katalog.isi(baris.pesan, baris.variabel)


@pytest.mark.parametrize("kode", katalog.PESAN)
def test_every_message_passes_the_rules_of_the_provider(kode, twilio, tulis):
    baris = tulis(kode)
    if katalog.PESAN[kode].cara is katalog.Cara.BEBAS:
        twilio.masuk_terakhir[baris.nomor_hp] = datetime.now(UTC)

    kirim(transports.pilih(), baris)

    rahasia = katalog.PESAN[kode].cara is katalog.Cara.OTENTIKASI
    assert twilio.messages[0].body == katalog.isi(kode, ["482915"] if rahasia else baris.variabel)


def test_free_words_outside_the_window_are_refused_for_good(twilio, tulis):
    galat = galat_dari(lambda: kirim(transports.pilih(), tulis("balas_kk")))

    assert isinstance(galat, transports.GagalTetap)
    assert galat.kode == "63016"


def test_code_is_never_kept_by_the_simulation(tulis):
    galat = galat_dari(lambda: kirim(transports.Simulasi(), tulis("pin")))

    assert isinstance(galat, transports.GagalTetap)
    assert "slip PIN" in galat.pesan
    assert not PesanSimulasi.objects.exists()


def test_lookup_finds_a_code_whose_words_the_provider_hides(twilio, tulis):
    transport = transports.pilih()
    kirim(transport, tulis("diproses"))
    baris = tulis("pin")

    sid = kirim(transport, baris)

    assert cari(transport, baris) == sid


def test_message_without_an_approved_template_is_refused_before_any_call(twilio, tulis, settings):
    del settings.TWILIO["content_sids"]["diproses"]

    galat = galat_dari(lambda: kirim(transports.pilih(), tulis()))

    assert isinstance(galat, transports.GagalTetap)
    assert galat.kode == "TEMPLAT"
    assert "diproses" in galat.pesan
    assert twilio.panggilan == []


@pytest.mark.parametrize(("kode", "kelas"), KODE.items())
def test_every_known_code_is_sorted_and_explained(kode, kelas, twilio, tulis):
    twilio.rencanakan(tp.galat(kode))

    galat = galat_dari(lambda: kirim(transports.pilih(), tulis()))

    assert type(galat) is _JENIS.get(kelas, transports.GagalTetap)
    assert galat_kode.kelas(str(kode)) == kelas
    assert galat.kode == str(kode)
    assert transports.arti(str(kode)) != transports.arti("99999"), "code has no sentence of its own"
    assert twilio.cacah("POST") == 1, "retries belong to the outbox row"


def test_unknown_code_is_final_and_sends_the_operator_to_the_phone(twilio, tulis):
    twilio.rencanakan(tp.galat(99999))

    galat = galat_dari(lambda: kirim(transports.pilih(), tulis()))

    assert isinstance(galat, transports.GagalTetap)
    assert "Telepon warga" in galat.pesan


_RFC9457 = b'{"type": "https://x", "title": "Bad", "status": 400, "code": 63016}'


@pytest.mark.parametrize(
    ("gangguan", "kelas", "kode"),
    [
        (tp.SIBUK, transports.GagalSementara, "20429"),
        (tp.galat(63018, status=429), transports.GagalSementara, "63018"),
        (tp.TUTUP_503, transports.GagalSementara, "20503"),
        (tp.Jawaban(503, b"upstream"), transports.GagalSementara, "503"),
        (tp.Jawaban(429, b""), transports.GagalSementara, "429"),
        (tp.RUSAK_500, transports.TidakPasti, "20500"),
        (tp.Jawaban(502, b"<html>Bad Gateway"), transports.TidakPasti, "502"),
        (tp.Jawaban(400, _RFC9457), transports.GagalTetap, "63016"),
        (
            tp.Jawaban(400, b'{"code": "SANGAT-PANJANG-SEKALI"}'),
            transports.GagalTetap,
            "SANGAT-PAN",
        ),
        (tp.BUKAN_JSON, transports.TidakPasti, "JAWABAN"),
        (tp.BUKAN_JSON_SESUDAH, transports.TidakPasti, "JAWABAN"),
        (tp.Jawaban(201, b"{}"), transports.TidakPasti, "JAWABAN"),
        (tp.Jawaban(201, b"[]"), transports.TidakPasti, "JAWABAN"),
        (tp.Jawaban(201, b""), transports.TidakPasti, "JAWABAN"),
        (tp.PUTUS_SEBELUM, transports.TidakPasti, "TERPUTUS"),
        (tp.PUTUS_SESUDAH, transports.TidakPasti, "TERPUTUS"),
    ],
)
def test_faults_of_the_provider_are_sorted_by_what_is_certain(gangguan, kelas, kode, twilio, tulis):
    twilio.rencanakan(gangguan)

    galat = galat_dari(lambda: kirim(transports.pilih(), tulis()))

    assert (type(galat), galat.kode) == (kelas, kode)
    assert len(twilio.messages) == gangguan.tersimpan


@pytest.mark.parametrize("gangguan", [tp.DIAM_SEBELUM, tp.DIAM_SESUDAH])
@pytest.mark.usefixtures("cepat_menyerah")
def test_provider_that_does_not_answer_leaves_the_outcome_open(gangguan, twilio, tulis):
    twilio.rencanakan(gangguan)

    galat = galat_dari(lambda: kirim(transports.pilih(), tulis()))

    assert (type(galat), galat.kode) == (transports.TidakPasti, "WAKTU")


def test_closed_port_is_certainly_no_message(twilio, tulis):
    twilio.stop()

    galat = galat_dari(lambda: kirim(transports.pilih(), tulis()))

    assert (type(galat), galat.kode) == (transports.GagalSementara, "SAMBUNGAN")


@pytest.fixture(scope="module")
def sertifikat(tmp_path_factory):
    """A certificate that nobody has signed, for this machine."""
    folder = tmp_path_factory.mktemp("tls")
    berkas = folder / "kunci.pem", folder / "sertifikat.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-nodes", "-days", "30", "-subj", "/CN=uji", "-addext", "subjectAltName=IP:127.0.0.1"]
        + ["-keyout", berkas[0], "-out", berkas[1]],
        check=True,
        capture_output=True,
    )
    return berkas


def _putus_di_jabat_tangan(soket: socket.socket, _) -> None:
    soket.recv(100)


def _bukan_tls(soket: socket.socket, _) -> None:
    soket.recv(100)
    soket.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def _tls(soket: socket.socket, berkas) -> None:
    """Shakes hands, reads the request, and is gone."""
    konteks = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    konteks.load_cert_chain(berkas[1], berkas[0])
    with contextlib.suppress(OSError), konteks.wrap_socket(soket, server_side=True) as aman:
        aman.recv(100)


@contextlib.contextmanager
def _server(layani, berkas):
    def jalan() -> None:
        with contextlib.suppress(OSError):
            while True:
                soket = server.accept()[0]
                with soket:
                    layani(soket, berkas)

    with socket.create_server(("127.0.0.1", 0)) as server:
        utas = threading.Thread(target=jalan, daemon=True)
        utas.start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    utas.join(5)


@pytest.mark.parametrize(
    ("layani", "dikenal", "hasil"),
    [
        (_tls, False, (transports.GagalSementara, "SAMBUNGAN")),
        (_putus_di_jabat_tangan, False, (transports.GagalSementara, "SAMBUNGAN")),
        (_bukan_tls, False, (transports.GagalSementara, "SAMBUNGAN")),
        # The certificate is good, so the request went out.
        (_tls, True, (transports.TidakPasti, "TERPUTUS")),
    ],
)
def test_without_tls_nothing_was_sent(
    layani, dikenal, hasil, twilio, tulis, settings, sertifikat, monkeypatch
):
    if dikenal:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(sertifikat[1]))
    with _server(layani, sertifikat) as alamat:
        settings.TWILIO = settings.TWILIO | {"base_url": alamat}
        galat = galat_dari(lambda: kirim(transports.pilih(), tulis()))

    assert (type(galat), galat.kode) == hasil


@pytest.mark.parametrize("status", [401, 403])
def test_unknown_code_of_who_may_not_log_in_is_a_fault_of_the_account(status, twilio, tulis):
    twilio.rencanakan(tp.galat(20999, status=status))

    galat = galat_dari(lambda: kirim(transports.pilih(), tulis()))

    assert type(galat) is transports.GagalSaluran


def test_wrong_password_is_a_fault_of_the_account(twilio, tulis, settings):
    settings.TWILIO["auth_token"] = "lain"

    galat = galat_dari(lambda: kirim(transports.pilih(), tulis()))

    assert (type(galat), galat.kode) == (transports.GagalSaluran, "20003")
    assert twilio.messages == []


@pytest.mark.parametrize(
    ("rusak", "kode"),
    [
        ({"from": "whatsapp:+628119999999"}, "63007"),
        ({"from": "+628110000000"}, "21212"),
        ({"content_sids": {"diproses": "HX" + "0" * 32}}, "21655"),
        ({"content_sids": {"diproses": "bukan-sid"}}, "21655"),
        ({"content_sids": {"diproses": CONTENT_SIDS["siap_diambil"]}}, "63028"),
    ],
)
def test_wrong_setting_is_named(rusak, kode, twilio, tulis, settings):
    settings.TWILIO |= rusak

    galat = galat_dari(lambda: kirim(transports.pilih(), tulis()))

    assert galat.kode == kode
    assert type(galat) is _JENIS.get(KODE[int(kode)], transports.GagalTetap)


@pytest.mark.parametrize("nomor", ["", "081234567890", "+62"])
def test_number_that_is_none_is_final(nomor, twilio, tulis):
    galat = galat_dari(lambda: kirim(transports.pilih(), tulis(nomor_hp=nomor)))

    assert (type(galat), galat.kode) == (transports.GagalTetap, "21211")


# --- Looking up ------------------------------------------------------------------------------


def test_lookup_finds_a_message_that_is_still_queued(twilio, tulis):
    baris = tulis()
    transport = transports.pilih()
    sid = kirim(transport, baris)
    assert twilio.messages[0].dikirim is None, "Twilio leaves date_sent empty while queued"

    assert cari(transport, baris) == sid


def test_lookup_does_not_find_what_was_never_sent(twilio, tulis):
    transport = transports.pilih()
    kirim(transport, tulis("menunggu_ttd"))
    kirim(transport, tulis("diproses", nomor_hp="+6281234567899"))

    assert cari(transport, tulis("diproses")) is None


def test_lookup_leaves_the_message_of_another_row_with_the_same_words(twilio, tulis):
    transport = transports.pilih()
    pertama, kedua = tulis(), tulis()
    sid = kirim(transport, pertama)
    Notifikasi.objects.filter(pk=pertama.pk).update(sid=sid)

    assert cari(transport, kedua) is None
    assert cari(transport, pertama) == sid


def test_lookup_ignores_messages_from_before_the_row(twilio, tulis):
    baris = tulis()
    transport = transports.pilih()
    kirim(transport, baris)
    twilio.messages[0].dibuat -= timedelta(days=2)

    assert cari(transport, baris) is None


def test_lookup_reaches_behind_many_newer_messages(twilio, tulis):
    baris = tulis()
    transport = transports.pilih()
    sid = kirim(transport, baris)
    lain = twilio.messages[0]
    twilio.messages += [
        tp.PesanTwilio(f"SM{n:032x}", lain.isian, f"Pesan lain {n}.", timezone.now())
        for n in range(150)
    ]

    assert cari(transport, baris) == sid


@pytest.mark.parametrize(
    "gangguan",
    [
        tp.SIBUK,
        tp.TUTUP_503,
        tp.RUSAK_500,
        tp.galat(20003),
        tp.BUKAN_JSON,
        tp.Jawaban(200, b"{}"),
        tp.Jawaban(200, b'{"messages": [{"sid": "SM1"}], "uri": ""}'),
        tp.PUTUS_SEBELUM,
    ],
)
def test_lookup_that_fails_says_so_instead_of_not_found(gangguan, twilio, tulis):
    twilio.rencanakan(gangguan, metode="GET")

    galat_dari(lambda: cari(transports.pilih(), tulis()))


@pytest.mark.usefixtures("cepat_menyerah")
def test_lookup_that_hangs_or_meets_a_closed_port_says_so(twilio, tulis):
    baris = tulis()
    twilio.rencanakan(tp.DIAM_SEBELUM, metode="GET")

    assert galat_dari(lambda: cari(transports.pilih(), baris)).kode == "WAKTU"
    twilio.stop()
    assert galat_dari(lambda: cari(transports.pilih(), baris)).kode == "SAMBUNGAN"


# --- Simulation ------------------------------------------------------------------------------


def test_without_an_account_the_simulation_keeps_the_words(tulis, settings):
    settings.TWILIO = settings.TWILIO | {"account_sid": ""}
    transport = transports.pilih()
    baris = tulis("siap_diambil")

    assert cari(transport, baris) is None
    sid = kirim(transport, baris)

    assert isinstance(transport, transports.Simulasi)
    assert kirim(transport, baris) == sid == cari(transport, baris)
    kotak = PesanSimulasi.objects.get()
    assert kotak.teks == katalog.isi(baris.pesan, baris.variabel)
    assert kotak.nomor_hp == baris.nomor_hp
    assert baris.nomor_hp not in str(kotak) and baris.nomor_hp not in str(baris)


def test_with_an_account_the_real_thing_is_used(twilio):
    assert isinstance(transports.pilih(), transports.TwilioWhatsApp)


def test_http_client_neither_retries_nor_waits_for_ever(twilio):
    with transports.pilih().klien() as satu:
        klien = satu.http_client

    assert klien.session.get_adapter("https://api.twilio.com/").max_retries.total == 0
    assert klien.timeout == 5.0


# --- The fake itself: what the tests rely on --------------------------------------------------


def test_fake_answers_in_the_shape_of_twilio(twilio, tulis):
    transport = transports.pilih()
    sid = kirim(transport, tulis())
    with transport.klien() as klien:
        satu = klien.messages(sid).fetch()
        assert (satu.status, satu.direction, satu.date_sent) == ("queued", "outbound-api", None)
        assert re.fullmatch("SM[0-9a-f]{32}", sid)
        twilio.messages[0].maju("sent", None)
        kemarin, besok = (timezone.now() + timedelta(days=n) for n in (-1, 1))
        assert [m.sid for m in klien.messages.list(date_sent_after=kemarin)] == [sid]
        assert klien.messages.list(date_sent_after=besok) == []
        assert klien.messages.list(date_sent_before=kemarin) == []


def test_fake_pages_its_list(twilio, tulis):
    transport = transports.pilih()
    baris = tulis()
    sid = [kirim(transport, baris) for _ in range(7)]

    with transport.klien() as klien:
        assert [m.sid for m in klien.messages.list(page_size=3)] == sid[::-1]
    assert twilio.cacah("GET") == 3


def test_fake_can_fail_for_a_number(twilio, tulis):
    twilio.gangguan_nomor = {"0024": tp.galat(63024)}
    transport = transports.pilih()

    assert galat_dari(lambda: kirim(transport, tulis(nomor_hp="+6281234560024"))).kode == "63024"
    kirim(transport, tulis())

    assert len(twilio.messages) == 1
