"""Twilio's error codes: what they mean for the operator, and what follows from them.

https://www.twilio.com/docs/api/errors
https://www.twilio.com/docs/whatsapp/api/error-code-mapping
"""

_SIBUK = "Penyedia WhatsApp terlalu sibuk. Telepon warga bila mendesak."
_ARTI = {
    "11200": "Alamat webhook desa tidak terjangkau. Minta pengelola sistem memeriksanya.",
    "20003": "Kata sandi Twilio salah. Minta pengelola sistem memeriksa pengaturannya.",
    "20429": _SIBUK,
    "21211": "Nomor HP tidak sah. Telepon warga dan perbaiki nomornya.",
    "21408": "Pengiriman ke Indonesia belum diaktifkan di Twilio.",
    "21610": "Warga meminta berhenti menerima pesan. Telepon bila perlu.",
    "57012": "Tanda tangan Twilio tidak cocok. Minta pengelola sistem memeriksa pengaturannya.",
    "63003": "Nomor ini mungkin tidak memakai WhatsApp. Telepon warga.",
    "63007": "Nomor pengirim desa belum terdaftar di Twilio.",
    "63013": "Ditolak kebijakan WhatsApp. Minta pengelola sistem meninjau akun desa.",
    "63014": "Warga memblokir nomor desa. Telepon bila perlu.",
    "63015": "Nomor ini belum ikut uji coba Twilio (kirim “join” lebih dulu).",
    "63016": "Templat pesan belum disetujui WhatsApp. Minta pengelola sistem memeriksanya.",
    "63017": _SIBUK,
    "63018": _SIBUK,
    "63020": "Akun WhatsApp desa belum ditautkan. Minta pengelola sistem menyelesaikannya.",
    "63021": "Isi pesan ditolak WhatsApp. Minta pengelola sistem memeriksa templat.",
    "63024": "Nomor ini tidak memakai WhatsApp. Telepon warga.",
    "63027": "Templat pesan bahasa Indonesia tidak ditemukan di Twilio.",
    "63028": "Isian templat pesan tidak cocok. Minta pengelola sistem memeriksanya.",
    "63030": "Pengaturan pesan tidak didukung WhatsApp. Minta pengelola sistem memeriksanya.",
    "63032": "WhatsApp membatasi nomor ini. Telepon warga.",
    "63040": "Kata-kata pesan ini ditolak WhatsApp. Telepon warga, lalu perbaiki kata-katanya.",
    "63041": "Templat pesan ini sedang ditahan WhatsApp. Telepon warga.",
    "63042": "Templat pesan ini dimatikan WhatsApp. Telepon warga, lalu ajukan kata-kata baru.",
    "63049": "WhatsApp memilih tidak mengirim pesan ini. Telepon warga.",
}

# Refusals for now; all others are final.
SEMENTARA = {"20429", "63017", "63018"}
# Outside WhatsApp's window free words are refused; the approved template is not.
LUAR_JENDELA = "63016"
# The owner of the number has told the provider to stop.
BERHENTI = "21610"
# The owner of the number has blocked the village's.
DIBLOKIR = "63014"
# It is the number, not the message: the next one would fare no better.
NOMOR = {"21211", "63003", "63014", "63024"}


def arti(kode: str) -> str:
    """What a provider's error code means for the operator, and what to do about it."""
    return _ARTI.get(kode, "Pesan ditolak penyedia WhatsApp. Telepon warga.")
