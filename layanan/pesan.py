"""The words of every message. {{1}}, {{2}} … are the variables of an approved WhatsApp template.

The three sentences of the village's guide stand in diproses, menunggu_ttd and siap_diambil.
A message names the request by number only: no NIK, no name of a letter (it could tell of poverty
or illness), no link to a document. WhatsApp refuses a template with a variable at either end or
with two variables that only a space separates, hence `kantor` ("Perbekel Bugbug") in one piece.
"""

import re
from dataclasses import dataclass
from enum import Enum


class Cara(Enum):
    """How WhatsApp lets a message out."""

    TEMPLAT = "utility"  # approved words, at any time
    OTENTIKASI = "authentication"  # Meta's own words around a code; the code is kept nowhere
    BEBAS = "bebas"  # free words, within 24 hours of the last incoming message only


@dataclass(frozen=True)
class Pesan:
    kode: str
    teks: str
    variabel: tuple[str, ...]  # names, in the order of {{1}}, {{2}} …
    cara: Cara = Cara.TEMPLAT


def _pesan(kode: str, teks: str, *variabel: str, cara: Cara = Cara.TEMPLAT) -> tuple[str, Pesan]:
    return kode, Pesan(kode, teks, variabel, cara)


def _balasan(kode: str, teks: str, *variabel: str) -> tuple[str, Pesan]:
    return _pesan(kode, teks, *variabel, cara=Cara.BEBAS)


_PERMOHONAN = [
    _pesan(
        "diterima",
        "Permohonan surat Anda nomor {{1}} sudah kami terima. "
        "Kami kabari lagi di nomor ini. Pantau juga di {{2}} kapan saja.",
        "nomor",
        "situs",
    ),
    _pesan(
        "perlu_perbaikan",
        "Permohonan surat Anda nomor {{1}} perlu diperbaiki. "
        "Masuk ke {{2}} untuk melihat bagian mana dan memperbaikinya.",
        "nomor",
        "situs",
    ),
    _pesan(
        "diproses",
        "Kabar permohonan nomor {{1}}: surat yang Anda mohon sedang diproses "
        "oleh Kantor {{2}} sekarang.",
        "nomor",
        "kantor",
    ),
    _pesan(
        "menunggu_ttd",
        "Kabar permohonan nomor {{1}}: surat Anda sedang menunggu tanda tangan {{2}} sekarang.",
        "nomor",
        "kepala",
    ),
    _pesan(
        "siap_diambil",
        "Surat Siap Diambil. Permohonan nomor {{1}} dapat diambil di Kantor {{2}} "
        "dengan kode pengambilan {{3}}. Anda dapat mewakilkannya kepada perangkat desa "
        "terdekat.",
        "nomor",
        "kantor",
        "kode_ambil",
    ),
    _pesan(
        "diserahkan",
        "Surat untuk permohonan nomor {{1}} sudah diambil hari ini. "
        "Bila bukan Anda atau wakil Anda yang mengambil, segera hubungi Kantor {{2}} ya.",
        "nomor",
        "kantor",
    ),
    _pesan(
        "ditolak",
        "Permohonan surat Anda nomor {{1}} tidak dapat kami penuhi. "
        "Masuk ke {{2}} untuk membaca alasannya.",
        "nomor",
        "situs",
    ),
    _pesan(
        "surat_dicabut",
        "Surat untuk permohonan nomor {{1}} sudah dicabut kantor desa dan tidak berlaku lagi. "
        "Masuk ke {{2}} untuk membaca alasannya.",
        "nomor",
        "situs",
    ),
    _pesan(
        "petugas_baru",
        "Ada permohonan surat baru nomor {{1}}. Buka {{2}} untuk memprosesnya.",
        "nomor",
        "kelola",
    ),
]

_PIN = [
    # An authentication template has Meta's words; only the code is ours (1 to 15 characters).
    _pesan(
        "pin",
        "{{1}} adalah kode verifikasi Anda. Demi keamanan, jangan bagikan kode ini.",
        "pin",
        cara=Cara.OTENTIKASI,
    ),
    _pesan(
        "pin_pengantar",
        "Permintaan PIN layanan surat Desa {{1}} sudah disetujui. Kode 6 angka yang kami kirim ke "
        "nomor ini adalah PIN awal. Masuk di {{2}} dalam 72 jam, lalu ganti dengan PIN pilihan "
        "Anda. Bukan Anda yang meminta? Balas BUKAN SAYA.",
        "desa",
        "situs",
    ),
    _pesan(
        "pin_foto_ulang",
        "Permintaan PIN layanan surat Desa {{1}}: kami perlu foto yang baru. "
        "Catatan operator: {{2}}. Kirim fotonya lewat WhatsApp ke nomor ini.",
        "desa",
        "alasan",
    ),
    _pesan(
        "pin_ditolak",
        "Permintaan PIN layanan surat Desa {{1}} tidak dapat kami penuhi. "
        "Catatan operator: {{2}}. Ada pertanyaan? Datang atau hubungi kantor desa.",
        "desa",
        "alasan",
    ),
    _pesan(
        "pin_terbit",
        "PIN baru untuk akun layanan surat Anda baru saja diterbitkan. Bukan Anda yang meminta? "
        "Balas BUKAN SAYA sekarang, atau buka {{1}} untuk mengunci akun.",
        "tautan",
    ),
    _pesan(
        "pin_ganti",
        "PIN akun layanan surat Anda baru saja diganti. Bukan Anda yang mengganti? "
        "Balas BUKAN SAYA sekarang, atau buka {{1}} untuk mengunci akun.",
        "tautan",
    ),
    _pesan(
        "nomor_ganti",
        "Nomor HP akun layanan surat Anda baru saja diganti dengan nomor lain. Bukan Anda yang "
        "mengganti? Balas BUKAN SAYA sekarang, atau buka {{1}} untuk mengunci akun.",
        "tautan",
    ),
    _pesan(
        "akun_dijaga",
        "Ada yang berkali-kali salah menebak PIN akun layanan surat Anda. HP yang biasa Anda pakai "
        "tetap dapat masuk; HP lain kami tahan. Itu Anda sendiri, dengan HP baru? Balas BUKA.",
    ),
    _pesan(
        "akun_dibekukan",
        "Akun layanan surat Anda sudah dikunci, jadi tidak seorang pun dapat masuk. "
        "Hubungi Kantor {{1}} untuk membukanya lagi.",
        "kantor",
    ),
    _pesan(
        "petugas_pin",
        "Ada permintaan PIN baru dari warga. Buka {{1}} untuk memeriksanya.",
        "kelola",
    ),
    _pesan(
        "petugas_beku",
        "Seorang warga menjawab BUKAN SAYA dan akunnya sudah dikunci. "
        "Buka {{1}} untuk menindaklanjuti.",
        "kelola",
    ),
    _pesan(
        "petugas_tebakan",
        "Ada yang mencoba menebak PIN banyak warga. Masuk dari HP baru kami perlambat. "
        "Buka {{1}} untuk melihatnya.",
        "kelola",
    ),
]

_BALASAN = [
    _balasan(
        "balas_mulai",
        "Ini nomor layanan surat Desa {{1}}. Untuk meminta PIN, kirim dua foto ke sini: "
        "KTP-el, lalu Kartu Keluarga (KK). Mulai dengan foto KTP-el.",
        "desa",
    ),
    _balasan(
        "balas_kk",
        "Foto pertama (KTP-el) sudah kami terima. Sekarang kirim foto Kartu Keluarga (KK). "
        "Salah kirim? Balas BATAL.",
    ),
    _balasan(
        "balas_lengkap",
        "Terima kasih, kedua foto sudah kami terima. Operator desa memeriksanya, lalu mengirim "
        "PIN ke nomor ini. Petugas tidak pernah menanyakan PIN Anda.",
    ),
    _balasan("balas_tambahan", "Foto tambahan sudah kami terima. Operator desa memeriksanya."),
    _balasan(
        "balas_foto_saja",
        "Maaf, di sini kami hanya dapat membaca foto (atau PDF). Kirim foto {{1}} Anda.",
        "dokumen",
    ),
    _balasan(
        "balas_foto_rusak",
        "Maaf, foto itu tidak dapat kami buka. Foto lagi {{1}} Anda di tempat terang, "
        "lalu kirim ke sini.",
        "dokumen",
    ),
    _balasan(
        "balas_cukup",
        "Fotonya sudah cukup. Operator desa memeriksanya, lalu mengirim kabar ke nomor ini.",
    ),
    _balasan(
        "balas_batal",
        "Permintaan PIN dari nomor ini sudah dibatalkan dan fotonya kami hapus. "
        "Kirim foto KTP-el bila ingin mulai lagi.",
    ),
    _balasan(
        "balas_dibekukan",
        "Akun Anda sudah kami kunci, jadi tidak seorang pun dapat masuk. Operator desa sudah "
        "diberi tahu. Hubungi kantor desa untuk mendapat PIN baru.",
    ),
    _balasan(
        "balas_tak_ada",
        "Tidak ada PIN yang baru diterbitkan atau diganti untuk nomor ini, jadi tidak ada yang "
        "kami ubah. Masih ragu? Hubungi kantor desa.",
    ),
    _balasan(
        "balas_dibuka",
        "Bila nomor ini tercatat pada akun Anda, akun itu sudah dibuka. Dalam 30 menit ini Anda "
        "dapat mencoba masuk dari HP baru, paling banyak 3 kali. Lupa PIN? Kirim foto KTP-el "
        "dan KK untuk meminta PIN baru.",
    ),
    _balasan(
        "balas_buka_cukup",
        "Sudah terlalu sering dibuka. Hubungi kantor desa bila masih tidak dapat masuk, atau "
        "kirim foto KTP-el dan KK untuk meminta PIN baru.",
    ),
]

PESAN: dict[str, Pesan] = dict([*_PERMOHONAN, *_PIN, *_BALASAN])


def isi(kode: str, variabel: list[str]) -> str:
    """The text as the recipient reads it. KeyError for an unknown code."""
    return re.sub(r"\{\{(\d+)\}\}", lambda m: variabel[int(m.group(1)) - 1], PESAN[kode].teks)


def nilai(kode: str, konteks: dict[str, str]) -> list[str]:
    """Values of the template's variables, in order; WhatsApp refuses empty ones, line breaks and
    more than 255 characters."""
    return [" ".join(konteks.get(nama, "").split())[:255] or "-" for nama in PESAN[kode].variabel]
