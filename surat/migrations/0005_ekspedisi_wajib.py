from django.db import migrations, models


class Migration(migrations.Migration):
    """Every letter that the office sent by itself stands in Buku Ekspedisi, and no other entry."""

    dependencies = [
        ("layanan", "0011_nomor_ekspedisi"),  # which gave them their numbers
        ("surat", "0004_nomor_buku"),
    ]

    operations = [
        migrations.RemoveConstraint("catatanagenda", "agenda_keluar_bernomor_buku"),
        migrations.AddConstraint(
            "catatanagenda",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("arah", "MASUK"),
                        ("buku__isnull", True),
                        ("ekspedisi__isnull", True),
                        ("urut__isnull", True),
                    ),
                    models.Q(
                        ("arah", "KELUAR"),
                        ("buku__isnull", False),
                        ("ekspedisi__isnull", False),
                        ("urut__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="agenda_keluar_bernomor_buku",
            ),
        ),
    ]
