"""The numbers in the head of the office, in real Chromium: they renew themselves, and ring."""

import pytest
from playwright.sync_api import Page, Route, expect

from penduduk.models import Sesi
from tests import factories
from tests.perjalanan.conftest import PC

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Counts the beeps that begin, and lets them sound as ever.
_HITUNG = """
window.bunyi = 0;
const asli = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...apa) {
  window.bunyi++;
  return asli.apply(this, apa);
};
"""
_NADA = 2  # beeps of one ring
_LENCANA = "**/kelola/layanan/lencana/"


@pytest.fixture(autouse=True)
def _cepat(settings):
    settings.LENCANA_DETIK = 0.4


@pytest.fixture
def warga(db):
    factories.jenis()
    return factories.buat_warga()


@pytest.fixture
def pc(layar, operator, warga) -> Page:
    """The queue, opened by the operator, who has clicked nothing on it yet."""
    halaman = layar(PC, masuk=operator)
    halaman.add_init_script(_HITUNG)
    halaman.goto("/kelola/layanan/permohonan/")
    expect(halaman.get_by_role("heading", name="Antrean permohonan")).to_be_visible()
    halaman.evaluate("window.tetap = true")  # gone after a reload
    return halaman


def _angka(halaman: Page, nama: str = "antrean"):
    return halaman.locator(f"#menu-tugas [data-lencana={nama}] b")


def _bunyi(halaman: Page) -> int:
    assert halaman.evaluate("window.tetap") is True, "the page was loaded anew"
    return halaman.evaluate("window.bunyi")


def _tunggu_tanya(halaman: Page, kali: int = 2) -> None:
    for _ in range(kali):
        with halaman.expect_response(_LENCANA):
            pass


def test_new_request_shows_up_and_rings_once_without_reload(pc, warga):
    pc.locator("#searchbar").click()  # browsers let a page sound only after a click
    expect(_angka(pc)).to_be_hidden()
    _tunggu_tanya(pc)
    assert _bunyi(pc) == 0, "nothing new, no sound"

    factories.buat_permohonan(warga)

    expect(_angka(pc)).to_have_text("1")
    expect(_angka(pc)).to_be_visible()
    expect(pc.get_by_role("status").filter(has_text="Ada permohonan baru")).to_have_count(1)
    assert pc.title().startswith("(1) Antrean permohonan")
    _tunggu_tanya(pc)
    assert _bunyi(pc) == _NADA


def test_request_that_was_there_already_is_counted_and_does_not_ring(pc, warga):
    factories.buat_permohonan(warga)
    pc.reload()
    pc.evaluate("window.tetap = true")

    assert pc.title().startswith("(1) ")
    pc.locator("#searchbar").click()
    _tunggu_tanya(pc)

    assert _bunyi(pc) == 0


def test_sound_is_switched_off_and_stays_off(pc, warga):
    tombol = pc.get_by_role("button", name="Bunyi:")
    pc.locator("#user-tools summary").click()
    expect(tombol).to_have_text("Bunyi: nyala")
    tombol.click()
    expect(tombol).to_have_text("Bunyi: mati")

    factories.buat_permohonan(warga)
    expect(_angka(pc)).to_have_text("1")
    pc.reload()
    pc.evaluate("window.tetap = true")
    pc.locator("#user-tools summary").click()
    expect(tombol).to_have_text("Bunyi: mati")
    factories.buat_permohonan(warga)
    expect(_angka(pc)).to_have_text("2")
    assert _bunyi(pc) == 0

    tombol.click()
    expect(tombol).to_have_text("Bunyi: nyala")
    assert _bunyi(pc) == _NADA, "one hears at once how it sounds"


def test_page_that_nobody_has_clicked_counts_silently(pc, warga):
    pc.reload()
    pc.evaluate("window.tetap = true")

    factories.buat_permohonan(warga)

    expect(_angka(pc)).to_have_text("1")
    assert _bunyi(pc) in (0, _NADA)  # Chromium may remember the click on the page before


def test_hidden_tab_does_not_ask_and_asks_at_once_when_it_is_looked_at(pc, warga):
    _tunggu_tanya(pc, 1)
    tanya: list[str] = []
    pc.on("request", lambda r: tanya.append(r.url) if "lencana/" in r.url else None)
    _sembunyikan(pc, ya=True)
    pc.wait_for_timeout(300)
    tanya.clear()

    factories.buat_permohonan(warga)
    pc.wait_for_timeout(1500)
    assert tanya == []

    _sembunyikan(pc, ya=False)
    expect(_angka(pc)).to_have_text("1")


def _sembunyikan(halaman: Page, *, ya: bool) -> None:
    halaman.evaluate(
        """ya => {
            Object.defineProperty(document, "hidden", {configurable: true, get: () => ya});
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        ya,
    )


def test_broken_answers_are_asked_for_more_and_more_seldom_and_then_it_goes_on(pc, warga):
    tanya: list[str] = []

    def rusak(rute: Route) -> None:
        tanya.append(rute.request.url)
        rute.fulfill(status=200, content_type="text/html", body="<p>bukan JSON</p>")

    pc.route(_LENCANA, rusak)
    pc.wait_for_timeout(3500)  # 0.4 + 0.8 + 1.6 + 3.2 s: at most four questions
    assert 2 <= len(tanya) <= 4
    pc.unroute(_LENCANA)

    factories.buat_permohonan(warga)

    expect(_angka(pc)).to_have_text("1", timeout=15_000)


def test_ended_session_stops_the_questions_and_says_so(pc, operator):
    Sesi.objects.filter(akun=operator).delete()

    expect(pc.get_by_text("Angka berhenti: muat ulang halaman")).to_be_visible()
    tanya: list[str] = []
    pc.on("request", lambda r: tanya.append(r.url))
    pc.wait_for_timeout(1500)
    assert tanya == []
    assert "/kelola/layanan/permohonan/" in pc.url


def test_without_javascript_the_numbers_are_those_of_the_page(layar, operator, warga):
    factories.buat_permohonan(warga)
    halaman = layar(PC, masuk=operator, java_script_enabled=False)
    halaman.goto("/kelola/")

    expect(_angka(halaman)).to_have_text("1")
    expect(halaman.get_by_role("link", name="Permohonan 1 menunggu").first).to_be_visible()
    expect(halaman.get_by_text("Bunyi:")).to_have_count(0)
