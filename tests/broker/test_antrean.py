"""Each kind of work has its queue, and each queue somebody who listens."""

import re
from pathlib import Path

import pytest

from bugbug.celery import app
from bugbug.settings import ANTREAN


def _antrean(tugas: str) -> str:
    return str(app.amqp.router.route({}, tugas)["queue"].name)


@pytest.mark.parametrize(
    ("antrean", "tugas"),
    [
        ("pesan", "kirim_pesan tanyakan_pesan jawab_pesan kabar_berkala selaraskan_templat"),
        ("surat", "cetak_surat"),
        ("berkas", "periksa_berkas cadangkan bersihkan jaga_keadaan periksa_surat"),
    ],
)
def test_what_talks_to_the_provider_waits_apart_from_letters_and_from_uploads(antrean, tugas):
    assert {_antrean(f"layanan.tasks.{satu}") for satu in tugas.split()} == {antrean}


def test_every_task_that_beat_calls_exists_and_has_a_queue():
    app.loader.import_default_modules()
    dipanggil = {satu["task"] for satu in app.conf.beat_schedule.values()}

    assert dipanggil <= set(app.tasks)
    assert {_antrean(satu) for satu in dipanggil} == set(ANTREAN)
    terarah = set(app.conf.task_routes)
    assert terarah <= set(app.tasks), "a route for a task that is none"


def test_workers_of_make_run_take_every_queue_once_and_messages_have_their_own():
    isi = Path("bugbug/skrip/Procfile").read_text(encoding="utf-8")

    semua = re.findall(r"--queues (\S+)", isi)
    assert sorted(",".join(semua).split(",")) == sorted(ANTREAN)
    assert "pesan" in semua


def test_worker_without_a_choice_takes_all_and_no_other_exists():
    assert set(app.amqp.queues.consume_from) == set(ANTREAN)
    assert app.conf.task_create_missing_queues is False
