"""Days and times, which a workbook holds as numbers in a format that shows them so."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

BUILT_IN = {
    "1": "0",
    "2": "0.00",
    "3": "#,##0",
    "4": "#,##0.00",
    "5": '"$"#,##0_);\\("$"#,##0\\)',
    "6": '"$"#,##0_);[Red]\\("$"#,##0\\)',
    "7": '"$"#,##0.00_);\\("$"#,##0.00\\)',
    "8": '"$"#,##0.00_);[Red]\\("$"#,##0.00\\)',
    "9": "0%",
    "10": "0.00%",
    "11": "0.00E+00",
    "12": "# ?/?",
    "13": "# ??/??",
    "14": "mm-dd-yy",
    "15": "d-mmm-yy",
    "16": "d-mmm",
    "17": "mmm-yy",
    "18": "h:mm AM/PM",
    "19": "h:mm:ss AM/PM",
    "20": "h:mm",
    "21": "h:mm:ss",
    "22": "m/d/yy h:mm",
    "37": "#,##0_);\\(#,##0\\)",
    "38": "#,##0_);[Red]\\(#,##0\\)",
    "39": "#,##0.00_);\\(#,##0.00\\)",
    "40": "#,##0.00_);[Red]\\(#,##0.00\\)",
    "41": '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)',
    "42": '_("$"* #,##0_);_("$"* \\(#,##0\\);_("$"* "-"_);_(@_)',
    "43": '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)',
    "44": '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)',
    "45": "mm:ss",
    "46": "[h]:mm:ss",
    "47": "mmss.0",
    "48": "##0.0E+0",
    "49": "@",
    # In East Asian Excel these are dates; what they look like depends on its language.
    **dict.fromkeys([str(number) for number in (*range(27, 37), *range(50, 59))], "yyyy-mm-dd"),
}
"""The format codes that workbooks use by number without saying them."""

_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_NO_CODE = re.compile(r'"[^"]*"?|\[[^\]]*\]?|[\\_*].?|general', re.IGNORECASE | re.DOTALL)
_MOMENT = re.compile(r"[ymdhs]|a/p|aaa|(?<![0#?.])e(?![+-])", re.IGNORECASE)
"""What stands for a part of a date or a time; ``e`` is a year, and in ``0.00E+00`` it is none."""

_DAY = 86_400
_FALSE_DAY = 60
_EPOCH_1900 = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
_LAST = date(9999, 12, 31)


def shows_moments(code: str) -> bool:
    """Tell whether a format shows a number as a date or a time of day.

    Elapsed time, such as ``[h]:mm``, is an amount and no moment. Quoted text, colours and languages in
    brackets, and characters that are escaped or only take up room, are no part of the format proper.

    Examples:
        >>> shows_moments("dd/mm/yyyy"), shows_moments("[$-409]d-mmm;@"), shows_moments("[h]:mm:ss")
        (True, True, False)
        >>> shows_moments('0.0" days"'), shows_moments("[Red]0.00"), shows_moments("0.00_d")
        (False, False, False)
    """
    return not _shows_elapsed(code) and _MOMENT.search(_NO_CODE.sub("", code)) is not None


def shows_times(code: str) -> bool:
    """Tell whether a format shows a number as a date, a time of day or time elapsed: as no number.

    Examples:
        >>> shows_times("hh.mm"), shows_times("[h]:mm"), shows_times("dd/mm/yyyy"), shows_times("0.00E+00")
        (True, True, True, False)
    """
    return _shows_elapsed(code) or shows_moments(code)


def _shows_elapsed(code: str) -> bool:
    return _ELAPSED.search(re.sub(r'"[^"]*"?|\\.', "", code)) is not None


def shows_percent(code: str) -> bool:
    r"""Tell whether a format shows a number as a percentage; a sign that is quoted or escaped is only a sign.

    Examples:
        >>> shows_percent("0.0%"), shows_percent('0"%"'), shows_percent(r"0\%")
        (True, False, False)
    """
    return "%" in _NO_CODE.sub("", code)


def moment_text(serial: pl.Expr, *, from_1904: bool) -> pl.Expr:
    """Give serial numbers as ISO moments, to the second, as Excel shows them.

    Excel counts 29 February 1900, a day that never was. A number on that day, one below 1 (a time without
    a day) or one beyond the year 9999 has no moment.

    Args:
        serial: serial numbers as floats.
        from_1904: whether day 0 is 1 January 1904.

    Returns:
        Texts such as ``2022-11-01T16:00:00``, null where there is no such moment.

    Examples:
        >>> frame = pl.DataFrame({"serial": [1.0, 59.5, 60.0, 61.0, 44866.666666666664, 0.5]})
        >>> frame.select(moment_text(pl.col("serial"), from_1904=False))["moment"].to_list()[:4]
        ['1900-01-01T00:00:00', '1900-02-28T12:00:00', None, '1900-03-01T00:00:00']
        >>> frame.select(moment_text(pl.col("serial"), from_1904=False))["moment"].to_list()[4:]
        ['2022-11-01T16:00:00', None]
    """
    epoch = _EPOCH_1904 if from_1904 else _EPOCH_1900
    in_range = serial.is_between(1, (_LAST - epoch).days + 1)
    seconds = (pl.when(in_range).then(serial) * _DAY + 0.5).floor().cast(pl.Int64)
    day = seconds // _DAY
    real = day <= (_LAST - epoch).days
    if not from_1904:
        real &= day != _FALSE_DAY
        # Before the false day Excel is one day behind the calendar.
        seconds = seconds + pl.when(day < _FALSE_DAY).then(_DAY).otherwise(0)
    moment = pl.lit(epoch).cast(pl.Datetime("ms")) + pl.duration(seconds=seconds, time_unit="ms")
    return pl.when(real).then(moment).dt.strftime("%Y-%m-%dT%H:%M:%S").alias("moment")
