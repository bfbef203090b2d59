"""`make check` asks for known holes in our packages: red for a hole, not for a dead line."""

import json
import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.arsitektur.rumah import AKAR

ALAT = Path(os.environ.get("PIP_AUDIT", AKAR / ".venv/bin/pip-audit"))
pytestmark = [
    pytest.mark.lambat,  # pip-audit itself takes two seconds to start
    pytest.mark.skipif(not ALAT.exists(), reason="pip-audit is not installed (make kunci)"),
]
SATU = "django==5.2.1 --hash=sha256:" + "0" * 64 + "\n"


class _OSV(BaseHTTPRequestHandler):
    """Knows one hole, of one package."""

    def do_POST(self) -> None:
        tanya = json.loads(self.rfile.read(int(self.headers["content-length"])))
        paket = tanya["package"]
        celah = {
            "id": "PYSEC-2026-1",
            "affected": [
                {
                    "package": {"name": paket["name"], "ecosystem": "PyPI"},
                    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}],
                }
            ],
        }
        isi = {"vulns": [celah]} if paket["name"] == "django" else {}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(isi).encode())

    def log_message(self, *apa) -> None:
        pass


@pytest.fixture
def periksa(tmp_path):
    """Runs the script over these requirements, with a source that answers or with none."""
    server = HTTPServer(("127.0.0.1", 0), _OSV)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def jalankan(isi: str, *, ada: bool = True) -> tuple[int, str]:
        kunci = tmp_path / "kunci.lock"
        kunci.write_text(isi)
        porta = server.server_port if ada else 9
        hasil = subprocess.run(
            ["bash", "bugbug/skrip/audit.sh", str(kunci)],
            cwd=AKAR,
            env=os.environ
            | {"PIP_AUDIT": str(ALAT), "OSV_URL": f"http://127.0.0.1:{porta}/v1/query"},
            capture_output=True,
            text=True,
        )
        return hasil.returncode, hasil.stdout + hasil.stderr

    yield jalankan
    server.shutdown()
    server.server_close()


def test_a_known_hole_is_a_failure(periksa):
    kode, kata = periksa(SATU)

    assert (kode, "PYSEC-2026-1" in kata, "Naikkan versinya" in kata) == (1, True, True)


def test_no_known_hole_is_said(periksa):
    kode, kata = periksa(SATU.replace("django", "flask"))

    assert (kode, "tidak ada yang dikenal" in kata) == (0, True)


def test_a_source_out_of_reach_is_said_and_no_failure(periksa):
    kode, kata = periksa(SATU, ada=False)

    assert (kode, kata.startswith("DILEWATI: ")) == (0, True)


def test_a_lock_file_that_cannot_be_read_is_a_failure(periksa):
    assert periksa("django>=>=1\n")[0] != 0
