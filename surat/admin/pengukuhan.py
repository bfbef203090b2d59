"""Whether somebody shall sign: the page on which the person concerned says so."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.forms import BuktiForm
from penduduk.halaman import halaman, tampilkan
from surat import pengukuhan


@halaman("pengukuhan/<int:pk>/", nama="pengukuhan", izin="", metode="GET POST")
@sensitive_post_parameters()
def satu(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Read what is proposed, by whom and for whom; confirm or refuse it, with a fresh proof."""
    usul = next((x for x in pengukuhan.menunggu(request.user) if x.pk == pk), None)
    if usul is None:
        raise Http404
    form = BuktiForm(request.POST or None, akun=request.user)
    if request.method == "POST" and form.is_valid():
        setuju = request.POST.get("jawab") == "ya"
        pengukuhan.jawab(usul, oleh=request.user, setuju=setuju, pada=timezone.now())
        kata = "Sudah dikukuhkan" if setuju else "Sudah ditolak"
        messages.success(request, f"{kata}: {usul}.")
        return redirect("admin:index")
    return tampilkan(request, "admin/surat/pengukuhan.html", "Pengukuhan", usul=usul, form=form)
