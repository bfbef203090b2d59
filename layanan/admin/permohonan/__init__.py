"""The operators' queue and the page of one request. Nothing here can be edited: a request moves
only by the buttons of the flow."""

from layanan.admin.permohonan import alasan, antrean, formulir

__all__ = ["alasan", "antrean", "formulir"]
