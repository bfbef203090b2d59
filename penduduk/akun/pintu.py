"""Guards of the residents' pages, and what a request is once a guard has let it in."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from penduduk.models import Akun

_P = ParamSpec("_P")


class AuthenticatedRequest(HttpRequest):
    """The type of a request behind a guard: `warga`, login_required or the back office's own.

    Nothing makes one; Django's request already is what this says.
    """

    user: Akun


def pelaku(request: HttpRequest) -> Akun:
    """Whose request it is, where Django fixes the signature and so leaves the guard unsaid.

    Raises PermissionDenied for a stranger.
    """
    if not isinstance(request.user, Akun):
        raise PermissionDenied
    return request.user


def warga(
    view: Callable[Concatenate[AuthenticatedRequest, _P], HttpResponseBase],
) -> Callable[Concatenate[AuthenticatedRequest, _P], HttpResponseBase]:
    """Only residents; staff are sent to their own rooms, strangers to the login page."""

    @login_required
    @functools.wraps(view)
    def dijaga(
        request: AuthenticatedRequest, /, *args: _P.args, **kwargs: _P.kwargs
    ) -> HttpResponseBase:
        if request.user.penduduk_id is None:
            return redirect("admin:index")
        return view(request, *args, **kwargs)

    return dijaga
