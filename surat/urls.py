from django.urls import path

from surat import views

app_name = "surat"
urlpatterns = [
    path("cek/", views.cek, name="cek"),
    path("cek/berkas/", views.cek_berkas, name="cek_berkas"),
    path("cek/<str:kode>/", views.cek_kode, name="cek_kode"),
]
