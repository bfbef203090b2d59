from django.urls import path

from penduduk import views

app_name = "penduduk"
urlpatterns = [
    path("masuk/", views.masuk, name="masuk"),
    path("keluar/", views.keluar, name="keluar"),
    path("pin/ganti/", views.ganti_pin, name="ganti_pin"),
]
