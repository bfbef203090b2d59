"""The alert rules that we ship ask for figures that exist, and each of them can fire."""

import re
from pathlib import Path

import pytest
import yaml
from django.utils import timezone

from layanan.kesehatan import keadaan
from layanan.models import Denyut

pytestmark = pytest.mark.django_db
ATURAN = yaml.safe_load(Path("pasang/alarm.rules.yml").read_text(encoding="utf-8"))
SEMUA = [satu for grup in ATURAN["groups"] for satu in grup["rules"]]
_POLA = re.compile(r'(bugbug_\w+)(?:\{apa=~?"([^"]+)"\})?')


@pytest.mark.parametrize("aturan", SEMUA, ids=lambda satu: satu["alert"])
def test_each_rule_names_figures_that_exist(aturan, settings):
    settings.CADANGAN_KUNCI = "age1x"
    for nama in (Denyut.CADANGAN, Denyut.SERTIFIKAT):
        Denyut.objects.create(nama=nama, pada=timezone.now())
    (settings.PRIVATE_DIR).mkdir(exist_ok=True)
    ada = keadaan.metrik(keadaan.periksa(pada=timezone.now()))

    disebut = _POLA.findall(aturan["expr"])
    assert disebut
    for metrik, pilihan in disebut:
        for apa in pilihan.split("|") if pilihan else [""]:
            assert f'{metrik}{{apa="{apa}' in ada if apa else f"{metrik}{{" in ada
            assert not apa or re.search(rf'^{metrik}{{apa="{apa}"', ada, re.M)


def test_a_rule_about_nothing_would_be_noticed():
    assert _POLA.findall('bugbug_salah{apa="x"} == 0') == [("bugbug_salah", "x")]
    ada = keadaan.metrik(keadaan.periksa(pada=timezone.now()))
    assert "bugbug_salah" not in ada
