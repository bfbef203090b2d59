"""The project package: settings, addresses, Celery. Knows every room, known by none."""

from bugbug.celery import app as celery_app

__all__ = ["celery_app"]
