"""Names as people say them: classes, awards, outcomes."""

from __future__ import annotations

CLASSES = {
    "first": "First",
    "upper-second": "Upper second",
    "lower-second": "Lower second",
    "third": "Third",
    "distinction": "Distinction",
    "merit": "Merit",
    "pass": "Pass",
    "fail": "Fail",
}

AWARDS = {
    "certhe": "Certificate of Higher Education",
    "diphe": "Diploma of Higher Education",
    "ordinary": "Ordinary degree",
    "honours": "Honours degree",
    "integrated-masters": "Integrated Masters",
    "graduate-certificate": "Graduate Certificate",
    "pgcert": "Postgraduate Certificate",
    "pgdip": "Postgraduate Diploma",
    "masters": "Masters degree",
    "none": "no award (associate student)",
}

AWARDS_SHORT = {
    "certhe": "CertHE",
    "diphe": "DipHE",
    "ordinary": "Ord",
    "honours": "Hons",
    "integrated-masters": "IntM",
    "graduate-certificate": "GradC",
    "pgcert": "PGCert",
    "pgdip": "PGDip",
    "masters": "Mast",
    "none": "none",
}
"""The same where there is little room."""

OUTCOMES = {
    "pass": "pass",
    "fail": "fail",
    "qualifying-fail": "qualifying fail",
    "condoned": "condoned fail",
    "deferred": "deferred",
    "incomplete": "incomplete",
    "withdrawn": "withdrawn",
}


def said(names: dict[str, str], value: str | None) -> str:
    """Give the name for a value; the value itself where there is none.

    Examples:
        >>> said(CLASSES, "upper-second"), said(CLASSES, None)
        ('Upper second', '')
    """
    return "" if value is None else names.get(value, value)


def article(noun: str) -> str:
    """Put the article in front of a noun that begins a sentence.

    Examples:
        >>> article("first"), article("upper second")
        ('A first', 'An upper second')
    """
    return f"{'An' if noun[0] in 'aeiou' else 'A'} {noun}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """Write a number of things.

    Examples:
        >>> plural(1, "error"), plural(1200, "mark")
        ('1 error', '1,200 marks')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
