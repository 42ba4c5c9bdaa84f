"""The page on which an auditor takes a part of the register to an authority that supervises (`exporting.py`)."""

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from liaison.access import rules
from liaison.access.queries import agencies_controlled_by
from liaison.access.requests import acting_officer, controller_of_request, require_method
from liaison.access.sections import sections_of_control
from liaison.audit.log import published
from liaison.errors import Refused
from liaison.oversight.exporting import Part, export
from liaison.oversight.forms import ExportForm


def register_export(request: HttpRequest) -> HttpResponseBase:
    """Show the form; POST sends the file."""
    require_method(request, "GET", "POST")
    officer, person = controller_of_request(request)
    if not rules.may_export_register(person):
        raise Refused("not-an-auditor", "Only auditors export the register.")
    form = ExportForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        sections = sections_of_control(person, "register_export")
        context = {"form": form, "signed": published(), "section_navigation": sections}
        return render(request, "oversight/export.html", context)
    said = form.cleaned_data
    part = Part(said["since"], said["until"], agencies_controlled_by(person))
    lines = export(part, said["recipient"], by=acting_officer(officer), now=timezone.now())
    response = StreamingHttpResponse(lines, content_type="application/jsonl")
    name = f"register-{part.since}-{part.until}.jsonl"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
