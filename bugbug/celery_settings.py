"""Celery options, apart from the app so that the choice of broker is read in one glance."""

from django.conf import settings
from kombu import Exchange, Queue
from kombu.transport import TRANSPORT_ALIASES

broker_transport_options: dict[str, object]
if settings.REDIS_URL:
    broker_url = settings.REDIS_URL
    # A wake-up call that a killed worker held comes back within a minute, not after an hour.
    broker_transport_options = {
        "visibility_timeout": 60,
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
    }
else:
    # Embedded default: folders as queue, no server. One wake-up call drains the whole queue.
    _dir = settings.VAR_DIR / "antrean"
    for _name in ("masuk", "selesai", "kendali"):
        (_dir / _name).mkdir(parents=True, exist_ok=True)
    TRANSPORT_ALIASES["folder"] = "bugbug.broker.folder:Transport"
    broker_url = "folder://localhost"
    broker_transport_options = {
        "data_folder_in": str(_dir / "masuk"),
        "data_folder_out": str(_dir / "masuk"),
        "processed_folder": str(_dir / "selesai"),
        "control_folder": str(_dir / "kendali"),
        "store_processed": False,
        "polling_interval": 0.1,
    }

# A queue for each kind of work, with processes of its own (`celery worker --queues surat`; without
# that option a worker takes all): a provider that hangs holds no letter, and a long import no
# message. With the uploads goes what takes long and is not waited for: imports, backups, the night.
_PESAN = (
    "kirim_pesan tanyakan_pesan jawab_pesan kabar_berkala selaraskan_templat bereskan_panggilan"
)
task_queues = [Queue(nama, Exchange("bugbug"), routing_key=nama) for nama in settings.ANTREAN]
task_create_missing_queues = False  # a misspelt name stops the worker
task_default_queue = "berkas"
task_routes = {f"layanan.tasks.{nama}": {"queue": "pesan"} for nama in _PESAN.split()}
task_routes["layanan.tasks.cetak_surat"] = {"queue": "surat"}

broker_connection_retry_on_startup = True
broker_connection_max_retries = None
task_publish_retry = False  # the request does not wait for a broken broker; beat sweeps later
task_ignore_result = True
# A wake-up call is forgotten once it is heard: the rows say what there is to do, and beat calls
# again within seconds. Acknowledged late, it would only be one more thing that fails when Redis
# goes away in the middle.
task_acks_late = False
worker_prefetch_multiplier = 1
worker_enable_remote_control = False
worker_hijack_root_logger = False
worker_max_memory_per_child = 600_000  # kB; a runaway render is replaced, its row is swept
task_time_limit = 300
timezone = settings.TIME_ZONE
