"""Guards of the residents' pages."""

import functools
from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def warga(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only residents; staff are sent to their own rooms, strangers to the login page."""

    @login_required
    @functools.wraps(view)
    def dijaga(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.penduduk_id is None:
            return redirect("admin:index")
        return view(request, *args, **kwargs)

    return dijaga
