"""Sentences that regulations prescribe, with all their typing errors (“disempatkan”, “telah
tercatat”), until the office of destination says otherwise. Not read from our own files."""

# The sentence, and the files that must hold it to the letter.
KALIMAT = [
    (
        "Demikian formulir ini saya/kami isi dengan sesungguhnya. Apabila keterangan tersebut "
        "tidak sesuai dengan keadaan sebenarnya, saya bersedia dikenakan sanksi sesuai ketentuan "
        "peraturan perundang-undangan yang berlaku.",
        "f101-2019 f101-2026",
    ),
    (
        'PERHATIAN: Isilah formulir ini dengan huruf cetak dan jelas serta mengikuti "TATA CARA '
        'PENGISIAN FORMULIR"',
        "f101-2019 f101-2026",
    ),
    (
        "Harap di isi dengan huruf cetak dan menggunakan tinta hitam",
        "f103-2019 f103-2026",
    ),
    (
        "Bertindak selaku Kepala Keluarga menyatakan dengan ini bahwa saya bersedia menerima "
        "sebagai anggota keluarga dalam Kartu Keluarga sebagai berikut:",
        "f103b",
    ),
    (
        "Demikian surat pernyataan ini saya buat dengan sebenar-benarnya dan apabila dikemudian "
        "hari ternyata pernyataan saya ini tidak benar, maka saya bersedia diproses secara hukum "
        "sesuai dengan peraturan perundang-undangan dan dokumen yang diterbitkan akibat dari "
        "pernyataan ini menjadi tidak sah.",
        "f103b f203 f204-2026 f204-2019",
    ),
    (
        "Demikian surat pernyataan ini kami buat dengan sebenarnya, apabila dalam keterangan yang"
        " saya berikan terdapat hal-hal yang tidak berdasarkan kebenaran yang sebenarnya, "
        "bersedia dikenakan sanksi sesuai dengan ketentuan peraturan perundang-undangan yang "
        "berlaku.",
        "f105",
    ),
    (
        "menyatakan bahwa kami telah tercatat perkawinan sebagai suami istri/telah melakukan "
        "perceraian*, yang dilaksanakan pada (tanggal perkawinan/perceraian*), dengan "
        "saksi-saksi:",
        "f105",
    ),
    (
        "Demikian surat pernyataan ini saya buat dengan sebenarnya, apabila dalam keterangan yang"
        " saya berikan terdapat hal-hal yang tidak berdasarkan keadaan yang sebenarnya, saya "
        "bersedia dikenakan sanksi sesuai ketentuan peraturan perundang-undangan yang berlaku.",
        "f106-2019 f106-2026",
    ),
    (
        "*) Perubahan Lainnya ini, juga dapat digunakan untuk merubah data kependudukan yang "
        "diakibatkan adanya kesalahan pada waktu pengisian Formulir Biodata maupun kesalahan pada"
        " saat peng-entry-an biodata penduduk dimaksud.",
        "f106-2019 f106-2026",
    ),
    (
        "Terlampir disempatkan fotokopi berkas berkas yang terkait dengan perubahan elemen data "
        "tersebut.",
        "f106-2019 f106-2026",
    ),
    (
        "Lampiran ini digunakan dalam hal persyaratan berupa Surat Keterangan Lahir tidak "
        "terpenuhi.",
        "f203",
    ),
    (
        "Lampiran ini digunakan dalam hal perkawinan tidak dapat dibuktikan dengan akta "
        "perkawinan atau akta nikah.",
        "f204-2026",
    ),
    (
        "adalah benar isteri saya dan pernikahan kami tidak dapat dibuktikan dengan akta "
        "perkawinan/buku nikah.",
        "f204-2019",
    ),
    (
        "Menyatakan dengan sesungguhnya bahwa atas dasar sukarela, dengan kesadaran sendiri, "
        "tanpa ada paksaan dari siapapun juga, setuju untuk melangsungkan pernikahan.",
        "n4",
    ),
]
