"""How the migrations number what was recorded before numbers were stored: with exactly those that
the books showed as long as they counted the rows before each row."""

from zoneinfo import ZoneInfo

_WITA = ZoneInfo("Asia/Makassar")


def beri_nomor(apps, schema_editor, buku, sumber):
    """Give the rows of `sumber` entries of their own in `buku`, as one stream per year.

    `sumber`: (rows, column of the moment of recording, column of the entry), in the order in which
    rows of one moment stood.
    """
    EntriBuku, BukuNomor = (apps.get_model("surat", m) for m in ("EntriBuku", "BukuNomor"))
    baris = sorted(
        (pada, ke, pk)
        for ke, (rows, waktu, _) in enumerate(sumber)
        for pk, pada in rows.values_list("pk", waktu)
    )
    semua, terakhir = [], {}
    for pada, _, _ in baris:
        hari = pada.astimezone(_WITA).date()
        terakhir[hari.year] = terakhir.get(hari.year, 0) + 1
        semua.append(EntriBuku(buku=buku, tahun=hari.year, urut=terakhir[hari.year], hari=hari))
    EntriBuku.objects.bulk_create(semua, batch_size=2000)
    for ke, (rows, _, kolom) in enumerate(sumber):
        tunjuk = [
            rows.model(pk=pk, **{kolom: satu})
            for satu, (_, s, pk) in zip(semua, baris, strict=True)
            if s == ke
        ]
        rows.model.objects.bulk_update(tunjuk, [kolom], batch_size=500)
    BukuNomor.objects.bulk_create(
        BukuNomor(kode=buku, tahun=tahun, terakhir=n) for tahun, n in terakhir.items()
    )
    # PostgreSQL alters no table whose foreign keys are still to be checked.
    schema_editor.connection.check_constraints()


def tarik_nomor(apps, schema_editor, buku, sumber):
    """Back to counting: no row has an entry in `buku`, and the book has no counter."""
    EntriBuku, BukuNomor = (apps.get_model("surat", m) for m in ("EntriBuku", "BukuNomor"))
    for rows, _, kolom in sumber:
        rows.update(**{kolom: None})
    EntriBuku.objects.filter(buku=buku).delete()
    BukuNomor.objects.filter(kode=buku).delete()
    schema_editor.connection.check_constraints()
