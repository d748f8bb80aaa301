"""The document about a series of protocols as one HTML file.

Every text goes through `smtmodel.reports.markup`, as on `smtmodel.reports.page`, whose page and
articles these are.
"""

from collections.abc import Sequence

from smtmodel.reports.page import article, page, refused, title
from smtmodel.reports.review import Review
from smtmodel.reports.sheet_page import section
from smtmodel.reports.view import Report


def document(review: Review, reports: Sequence[Report], wrong: Sequence[str]) -> str:
    """The page."""
    chapters = [
        [
            section(chapter.front, "h1"),
            [article(reports[number]) for number in chapter.outcomes],
            [section(one, "h2") for one in (*chapter.sheets, chapter.end)],
        ]
        for chapter in review.chapters
    ]
    whole = [refused(wrong), section(review.front, "h1"), chapters, section(review.end, "h1")]
    return page(f"review of {title(reports)}", whole)
