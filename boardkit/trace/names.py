"""Names: the rules that a trace names, besides the ids of a pack's own penalties."""

from __future__ import annotations

RULES = {
    "agreed": "The agreed mark stands over the marker's.",
    "grade": "A grade stands for its mark.",
    "not-submitted": "Not submitted.",
    "absent": "Absent.",
    "deferred": "Deferred.",
    "unreadable": "A cell of the row cannot be read.",
    "not-a-grade": "The grade is none of the regulations'.",
    "state-contradiction": "A mark stands beside not-submitted or absent.",
    "mark-missing": "No mark and no reason.",
    "markers-differ": "The markers differ and there is no agreed mark.",
    "scaling": "The examiners scaled the marks.",
    "rounding": "The component mark is kept to so many places.",
    "attempt-beyond-limit": "An attempt beyond the number allowed.",
    "mark-after-pass": "An attempt after a pass.",
    "first-sit": "An attempt judged as the first.",
    "reassessment-cap": "The most that a reassessed module can be given.",
    "pass": "Passed.",
    "fail": "Failed.",
    "qualifying-fail": "The overall mark reached, a component under its floor.",
    "incomplete": "Nothing can be computed.",
    "withdrawn": "Withdrawn.",
    "withdrawn-late": "Withdrawn late, without accepted reasons.",
    "prior-learning": "Prior learning.",
    "confirmed": "Confirmed by an earlier board.",
    "condoned": "Condoned by a recorded decision.",
    "decided": "Decided by the board, over what was worked out or recommended.",
    "condonable": "The board may condone the module.",
    "average": "The award's average.",
    "classification": "The class.",
    "eligible": "The credit that the award needs.",
    "recommendation": "What the board is recommended to decide about the student's progress.",
}
"""The rules of the trace, besides the ids of a pack's own penalties."""
