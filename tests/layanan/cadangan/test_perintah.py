"""The commands of backups, where a technician's folder is not one of the portal's."""

import io

import pytest
from django.core.management import CommandError, call_command

from tests.arsitektur.rumah import AKAR


def test_a_key_that_cannot_be_read_is_named_with_another_way(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError) as galat:
        call_command("pulihkan", "--kunci", "key.txt")

    assert f"{tmp_path}/key.txt tidak dapat dibaca" in str(galat.value)
    assert "manage.py pulihkan < key.txt" in str(galat.value)


@pytest.mark.django_db(transaction=True)
def test_the_key_comes_through_standard_input(kunci, desa, hancur, monkeypatch):
    keluar = io.StringIO()
    call_command("cadangkan", stdout=keluar)
    hancur()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"# catatan\n{kunci}\n"))

    call_command("pulihkan", stdout=keluar)

    assert "Dipulihkan ke" in keluar.getvalue()
    assert "bugbug pulihkan --dicoba" in keluar.getvalue()


@pytest.mark.django_db(transaction=True)
def test_a_place_that_takes_no_backup_is_named(warga, kunci, settings, tmp_path):
    (tmp_path / "cakram").write_text("")
    settings.CADANGAN_DIR = tmp_path / "cakram/cadangan"

    with pytest.raises(CommandError, match=r"Tempat cadangan tidak dapat dipakai: .*/cakram/"):
        call_command("cadangkan")


@pytest.mark.django_db(transaction=True)
def test_an_empty_village_says_the_words_that_pasang_sh_looks_for(kunci):
    kata = "tidak ada yang dicadangkan"
    assert f'"{kata}"' in (AKAR / "pasang/pasang.sh").read_text()

    with pytest.raises(CommandError, match=kata):
        call_command("cadangkan")
