"""`python -m tests.produksi.anak`: people of the village, made in its own database."""

import json

import django


def orang() -> dict[str, str]:
    """A resident, an operator, a perbekel with a mandate; their passwords as in tests.factories."""
    from tests import factories

    warga = factories.buat_warga()
    factories.buat_operator()
    factories.buat_perbekel()
    return {"nik": warga.warga.nik}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(orang()))
