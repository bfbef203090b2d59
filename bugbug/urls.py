from django.contrib import admin
from django.urls import include, path

from bugbug import views

urlpatterns = [
    path("", views.beranda, name="beranda"),
    path("panduan/", views.panduan, name="panduan"),
    path("sehat/", views.sehat, name="sehat"),
    path("sehat/siap/", views.siap, name="siap"),
    path("metrik/", views.metrik, name="metrik"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("", include("penduduk.urls")),
    path("", include("surat.urls")),
    path("", include("layanan.urls")),
    path("kelola/", admin.site.urls),
]

handler400 = "bugbug.views.galat_400"
handler403 = "bugbug.views.galat_403"
handler404 = "bugbug.views.galat_404"
handler500 = "bugbug.views.galat_500"
