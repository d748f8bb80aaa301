"""The document about a series of protocols as one HTML file.

Every text goes through `smtmodel.formats.markup`, as on `smtmodel.formats.html`, whose page and
articles these are.
"""

from collections.abc import Sequence

from smtmodel.documents.report import Report
from smtmodel.documents.review import Review
from smtmodel.formats.html import article, page, refused, title
from smtmodel.formats.sheet_page import section


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
