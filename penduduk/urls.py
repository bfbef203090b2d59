from django.urls import path

from penduduk import views

app_name = "penduduk"
urlpatterns = [
    path("masuk/", views.masuk, name="masuk"),
    path("keluar/", views.keluar, name="keluar"),
    path("pin/ganti/", views.ganti_pin, name="ganti_pin"),
    path("pin/bukan-saya/<str:token>/", views.bukan_saya, name="bukan_saya"),
    path("layanan/data-saya/", views.data_saya, name="data_saya"),
    path("layanan/data-saya/nomor/", views.ganti_nomor, name="ganti_nomor"),
    path("layanan/data-saya/nomor/batal/", views.batal_nomor, name="batal_nomor"),
    path("layanan/data-saya/sesi/keluar/", views.keluarkan, name="keluarkan"),
    path("layanan/data-saya/keluar-semua/", views.keluar_semua, name="keluar_semua"),
]
