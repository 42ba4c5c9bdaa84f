"""Make a form error of a problem, so that the page can say it in the language of the reader."""

from django.core.exceptions import ValidationError

from liaison.errors import Problem


def form_error(problem: Problem) -> ValidationError:
    """Return an error for `form.add_error`: it reads as the detail, and carries the problem itself.

    >>> form_error(Problem("empty-name", "The name has no letters: write it out.")).messages
    ['The name has no letters: write it out.']
    """
    return ValidationError("%(detail)s", code=problem.code, params={"detail": problem.detail, "problem": problem})
