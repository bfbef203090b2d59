"""Pages as a person meets them: who sits at the browser, what is read, which form is sent.

A form is read from the page before it is sent, so hidden fields, addresses and names of fields
come from the template and not from the test.
"""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from penduduk.models import Akun
from tests.formulir import Formulir, Pembaca, dengan_tombol

# What a keyboard made for Chinese or Japanese types: ０１２ and ＡＢＣ.
LEBAR = {huruf: huruf + 0xFEE0 for huruf in range(0x21, 0x7F)}


def sebagai(akun: Akun | None, **lain: Any) -> Client:
    """A browser in which `akun` has logged in; None: a stranger's."""
    client = Client(**lain)
    if akun is not None:
        kelas = "PetugasBackend" if akun.is_staff else "NIKBackend"
        client.force_login(akun, backend=f"penduduk.akun.backends.{kelas}")
    return client


def baca(client: Client, alamat: str) -> HttpResponse:
    """GET, read to the end; a file's bytes stand in `.isi`. An unread file would stay open."""
    jawaban = client.get(alamat)
    jawaban.isi = jawaban.getvalue() if jawaban.streaming else jawaban.content
    return jawaban


def kata(jawaban: HttpResponse) -> str:
    """The text that is read on the page, on one line."""
    return " ".join("".join(Pembaca(jawaban.content.decode()).potongan).split())


def formulir(jawaban: HttpResponse, tombol: str) -> Formulir:
    """The form whose button reads `tombol` (or begins so). AssertionError: there is none."""
    return dengan_tombol(jawaban.content.decode(), tombol)


def tombol(jawaban: HttpResponse) -> list[str]:
    """What stands on the buttons of the page, in order."""
    semua = Pembaca(jawaban.content.decode()).formulir
    return [teks for satu in semua for teks, _, _ in satu.tombol]


def kirim(
    client: Client, jawaban: HttpResponse, tombol: str, isi: dict[str, Any] | None = None
) -> HttpResponse:
    """Fill in the form with this button and press it; None as a value clears a field."""
    satu = formulir(jawaban, tombol)
    asing = set(isi or {}) - satu.bidang
    assert not asing, f"the page has no field {sorted(asing)}, only {sorted(satu.bidang)}"
    _, nama, nilai = next(t for t in satu.tombol if t[0].startswith(tombol))
    data: dict[str, Any] = {**satu.isi, **(isi or {})}
    if nama:
        data[nama] = nilai
    data = {k: v for k, v in data.items() if v is not None}
    alamat = jawaban.request["PATH_INFO"]
    if tanya := jawaban.request.get("QUERY_STRING"):
        alamat = f"{alamat}?{tanya}"
    return client.post(satu.aksi or alamat, data)
