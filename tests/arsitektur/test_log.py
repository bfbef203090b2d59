"""A log is read by more people than the register, and kept longer."""

import ast
from functools import partial

import pytest

from tests.arsitektur.data_pribadi import GOLONGAN, ORANG
from tests.arsitektur.pemeriksa import catatan_bocor
from tests.arsitektur.rumah import MODEL, PRODUKSI, langgar

TERLARANG = {kolom for golongan in GOLONGAN.values() for kolom in golongan.pribadi.split()}
TERLARANG |= {  # references to people
    kolom.name
    for model in MODEL
    for kolom in model._meta.fields
    if kolom.related_model and kolom.related_model._meta.label in ORANG
}
TERLARANG |= set(  # what the code calls the same things on their way
    "POST GET FILES META COOKIES body headers cleaned_data request form "
    "pin sandi nomor dari url isi pesan_masuk orang warga petugas".split()
)
periksa = partial(catatan_bocor, terlarang=TERLARANG)


def test_no_log_call_tells_anything_of_a_person():
    assert langgar(periksa, PRODUKSI) == {}


def test_the_forbidden_names_are_those_of_the_classification():
    assert {"nik", "nik_ibu", "nama_cari", "kolom_lain", "nomor_hp", "teks", "akun"} <= TERLARANG


@pytest.mark.parametrize(
    "panggilan",
    [
        'log.error("pesan ke %s gagal", nomor_hp)',
        'log.error("pesan ke %s gagal", baris.nomor_hp)',
        'log.error(f"pesan ke {nomor_hp} gagal")',
        'log.error("pesan ke " + baris.nomor_hp)',
        'log.error("pesan ke {} gagal".format(nomor_hp))',
        'log.error("pesan ke %s gagal" % nomor_hp)',
        'log.error("%s", nomor_hp[-4:])',
        'log.error("%s", baris.get("nik"))',
        'log.error("%s", data["nama"])',
        'log.error("%s", getattr(baris, "teks"))',
        'log.error("%s", permohonan.pemohon)',
        'log.error("%s", [x.alamat for x in semua])',
        'log.error("x", extra={"nik": satu})',
        'log.error("x", extra={"siapa": orang.nik})',
        'log.log(20, "%s", pin)',
        'log.info("%s", pin_baru)',
        'log.info("%s", nik_lama)',
        'log.info("%s", request.POST)',
        'log.info("%s", request.META["REMOTE_ADDR"])',
        'logger.info("%s", nama)',
        '_log.info("%s", nama)',
        'self.log.info("%s", nama)',
        'logging.info("%s", nama)',
        'logging.getLogger("x").info("%s", nama)',
        'catat = logging.getLogger(__name__)\ncatat.info("%s", nama)',
        'catat = get_task_logger(__name__)\ncatat.info("%s", nama)',
    ],
)
def test_every_way_of_telling_something_is_refused(panggilan):
    assert list(periksa(ast.parse(panggilan))) != []


@pytest.mark.parametrize(
    "panggilan",
    [
        'log.exception("x")',
        'log.error("x", exc_info=True)',
        'log.error("x", exc_info=galat)',
        'log.error("x", stack_info=True)',
        'log.error("%s", galat)',
        'log.error("%s", str(galat))',
        'log.error(f"{galat!r}")',
        'log.error("%s", galat.args)',
        'log.error("%s", galat.pesan)',
        'try: f()\nexcept OSError as sebab:\n    log.error("%s", sebab)',
    ],
)
def test_words_and_traceback_of_an_exception_are_refused(panggilan):
    assert list(periksa(ast.parse(panggilan))) != []


@pytest.mark.parametrize(
    "panggilan",
    [
        'log.error("message %s failed for good (%s)", baris.pk, kode_galat)',
        'log.error("%s: %s", surat.pk, type(galat).__name__)',
        'log.warning("%s", galat.kode)',
        'log.warning("%s", permohonan.pemohon.pk)',
        'log.warning("%s", len(nomor_hp))',
        'log.warning("no name, no nik: nama")',
        "messages.error(request, str(galat))",
        "math.log(nomor_hp)",
        'self.stdout.write(f"{nama}")',
    ],
)
def test_keys_kinds_and_codes_may_be_told(panggilan):
    assert list(periksa(ast.parse(panggilan))) == []
