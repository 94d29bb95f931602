"""Codes: every problem boardkit can find in what it is given, how grave each is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Code:
    """What a problem code means, how grave it is and what to do about it."""

    severity: Severity
    meaning: str
    action: str


_FINE = "There is nothing to do, if that is right."

CODES: dict[str, Code] = {
    # what a file or a sheet holds
    "table-unknown": Code(
        "note", "A sheet or file is none of boardkit's tables and was not read.", "Rename it if it is one."
    ),
    "table-absent": Code(
        "note", "A table was not given; what depends on it is switched off.", "Give it, if it is wanted."
    ),
    "table-empty": Code(
        "warning", "A table has a header and no rows.", "Fill it in, or take it out to do without it."
    ),
    "column-unknown": Code(
        "note",
        "A column is none of the table's own and is carried through unread.",
        "Rename it if it is one of them.",
    ),
    "column-twice": Code(
        "error", "Two columns have one name; neither was used.", "Delete or rename one of them."
    ),
    "column-unnamed": Code(
        "warning", "A column holds values under no header and was not read.", "Give it a header, or clear it."
    ),
    "not-checked": Code(
        "note", "Something in the file was not read or not checked.", "Check that nothing there is needed."
    ),
    "encoding-assumed": Code(
        "note", "The text is not UTF-8 and was read as Windows-1252.", "Save it as UTF-8 to be sure."
    ),
    "row-length": Code(
        "error",
        "A row has more fields than the header; it was not used.",
        "Quote the field with the separator.",
    ),
    "row-left-out": Code(
        "note",
        "A row of a marksheet is above its header, holds totals or names no student, and was not read.",
        "Correct board.toml, if it is a student's.",
    ),
    "not-a-student": Code(
        "error",
        "A row of a marksheet looks like totals and board.toml does not say so; it was not used.",
        "Name it under totals in board.toml.",
    ),
    "student-as-totals": Code(
        "error",
        "A row that board.toml names as totals holds an identifier; it was read as a student's.",
        "Clear the identifier if it is totals; else name totals by their rows' numbers in board.toml.",
    ),
    "header-again": Code(
        "error",
        "The header of a marksheet stands in it a second time; what is below was not read.",
        "Put what is below on a sheet of its own; or delete the row, if all columns are the same.",
    ),
    "column-not-used": Code(
        "note",
        "A column of a marksheet is not named in board.toml and was not read.",
        "Name it in board.toml, if it is wanted.",
    ),
    "attempts-counted": Code(
        "note",
        "The attempts on a marksheet were counted from the sheets before it, as board.toml says.",
        _FINE,
    ),
    "blank-not-taken": Code(
        "note",
        "Blank cells of a marksheet were read as work that was not to be taken, as board.toml says.",
        _FINE,
    ),
    "marks-out-of": Code(
        "note", "Marks out of another number than 100 were read as exact percentages of it.", _FINE
    ),
    "total-differs": Code(
        "error",
        "A mark is not the sum of its parts; the module is incomplete.",
        "Let Excel calculate the sheet, or correct the mark.",
    ),
    "part-blank": Code(
        "warning",
        "A part of a mark that is a sum is blank, and the sum holds without it.",
        "Enter the part, if it is missing there.",
    ),
    "marks-like-ranks": Code(
        "warning",
        "The marks of a piece of work are 1, 2, 3 and so on: they may be ranks.",
        "Check that the right column was taken.",
    ),
    "marks-like-shares": Code(
        "warning",
        "No mark of a piece of work is over 1: they may be shares of 1, shown as percentages.",
        "Check them against the sheet; type percentages, 0 to 100.",
    ),
    "mark-under-one": Code(
        "warning",
        "A single mark lies between 0 and 1: it may be a share of 1, shown as a percentage.",
        "Check it against the sheet; type a percentage, 0 to 100.",
    ),
    # what a cell holds
    "required-blank": Code("error", "A cell that must be filled is blank.", "Fill it in."),
    "cell-error": Code("error", "A formula gave an error.", "Mend the formula, or type the value."),
    "formula-without-value": Code(
        "error",
        "A formula was never calculated.",
        "Open the file in Excel, let it calculate, and save it.",
    ),
    "not-a-mark": Code("error", "A mark cell holds something else.", "Type 0 to 100, or a code."),
    "mark-out-of-range": Code("error", "A mark is over 100 or under 0.", "Type 0 to 100."),
    "mark-as-date": Code(
        "error", "A mark has become a date.", "Format the cell as a number and type the mark again."
    ),
    "mark-rounded": Code("note", "A mark with more than two places was rounded, half up.", _FINE),
    "mark-as-percent": Code(
        "warning",
        "A mark is a fraction formatted as a percentage and was read as that percentage.",
        "Check it, or format the column as a number.",
    ),
    "comma-decimal": Code(
        "error", "A number is written with a comma for its point.", "Write it with a point."
    ),
    "number-as-text": Code("note", "A number is stored as text and was read as the number.", _FINE),
    "not-a-number": Code("error", "A number was expected.", "Type a number."),
    "number-rounded": Code("note", "A number with more than six places was rounded, half up.", _FINE),
    "number-out-of-range": Code("error", "A number is outside what is allowed.", "Type one that is."),
    "not-a-date": Code(
        "error",
        "A date or moment was expected.",
        "Type it as 2022-11-04 or 2022-11-04 16:00, or as an Excel date.",
    ),
    "date-day-first": Code("note", "A date written as text was read day first.", _FINE),
    "date-offset": Code(
        "error", "A moment carries an offset from UTC.", "Write local wall time without an offset."
    ),
    "year-unclear": Code("warning", "An academic year names no year of four digits.", "Write it as 2022/23."),
    "not-yes-no": Code("error", "Y or N was expected.", "Type Y or N."),
    "not-allowed": Code("error", "A value is not one of those allowed.", "Type one of them."),
    "not-a-grade": Code("error", "A grade is not one of the regulations'.", "Type one of them."),
    "id-as-number": Code(
        "warning",
        "An identifier is stored as a number; leading zeros would be lost.",
        "Format the column as text.",
    ),
    "id-scientific": Code(
        "error",
        "An identifier is a number in scientific notation or with decimals.",
        "Format the column as text and type it again.",
    ),
    "id-zeros-lost": Code(
        "error",
        "An identifier has lost the zeros at its front; the row was not used.",
        "Format the column as text and type it again.",
    ),
    "id-zeros-restored": Code(
        "warning",
        "An identifier stored as a number got back the zeros at its front.",
        "Format the column as text and type it again.",
    ),
    "invisible-characters": Code("note", "Invisible characters around a value were left out.", _FINE),
    "guard-left-out": Code(
        "note", "An apostrophe that guards what looks like a formula was left out.", _FINE
    ),
    "hidden-cells": Code(
        "note", "A hidden row, column or sheet was read.", "Unhide it to see what was used."
    ),
    "comments-not-read": Code(
        "note",
        "A sheet has comments, which are not read.",
        "Enter in the tables what they say that counts.",
    ),
    "sheet-full": Code(
        "warning",
        "A sheet is filled to the last row that its format has; rows may have been cut off.",
        "Hold its number of rows against where it came from.",
    ),
    "merged-cells": Code(
        "warning",
        "A value stands behind merged cells and was read where it stands.",
        "Unmerge the cells and check.",
    ),
    # how rows fit together
    "row-twice": Code("note", "Two rows are equal; one was used.", "Delete one of them."),
    "rows-differ": Code(
        "error", "Two rows have one key and differ; neither was used.", "Delete the wrong one."
    ),
    "student-unknown": Code(
        "error",
        "No such student in the students table; the row was not used.",
        "Correct it, or add the student.",
    ),
    "module-unknown": Code(
        "error",
        "No such module in the modules table; the row was not used.",
        "Correct it, or add the module.",
    ),
    "component-unknown": Code(
        "error",
        "No such component in the components table; the row was not used.",
        "Correct it, or add the component.",
    ),
    "not-enrolled": Code(
        "error",
        "No such enrolment in the enrolments table; the row was not used.",
        "Correct it, or add the enrolment.",
    ),
    "ids-alike": Code(
        "warning",
        "Two identifiers differ in case or spaces alone and were taken as two.",
        "Write them alike, if they are the same.",
    ),
    "result-differs-from-module": Code(
        "warning",
        "A confirmed result states another level or credit than the modules table.",
        "Check which is right.",
    ),
    "circumstances-without-work": Code(
        "note", "Accepted circumstances name an attempt with no work.", "Check the attempt."
    ),
    "circumstances-contradict": Code(
        "warning",
        "An attempt is deferred and a first sit at once; the deferral stands.",
        "Name the attempt that is the first sit.",
    ),
    "weights-sum": Code(
        "note",
        "A module's weights add up to neither 1 nor 100; they are used in proportion.",
        "Check the weights.",
    ),
    "weights-zero": Code(
        "error", "A module's weights add up to nothing; the module is incomplete.", "Give the weights."
    ),
    "weights-not-given": Code(
        "error",
        "A module has several components and no weights; it is incomplete.",
        "Give a components table.",
    ),
    "no-components": Code(
        "error", "A module has no row in the components table; it is incomplete.", "Add its components."
    ),
    "scaling-unclear": Code(
        "error",
        "A scaling gives both points and a factor, or neither; the marks are incomplete.",
        "Give add or multiply, one of them alone.",
    ),
    "level-uncovered": Code(
        "error",
        "The regulations have no rule for a module's level; the module is incomplete.",
        "Correct the level, or state the study.",
    ),
    "no-rule-stated": Code(
        "note",
        "The regulations have no rule for something that this board has; nothing is invented.",
        "The board decides it.",
    ),
    "parameter-unknown": Code(
        "note",
        "The board table states a parameter that the regulations do not ask for.",
        "Check its spelling, or take it out.",
    ),
    "parameter-overridden": Code(
        "warning",
        "A parameter was set over what the board table states.",
        "Correct the board table, or leave the setting out.",
    ),
    "board-fact-unknown": Code(
        "note", "The board table states a fact that boardkit does not use.", "Check its spelling."
    ),
    "code-unknown": Code("error", "A code stands for no state.", "Use not-submitted, absent or deferred."),
    "code-is-a-number": Code(
        "error", "A code for mark cells is itself a number; it was not used.", "Take it out."
    ),
    "code-changed": Code(
        "note", "A code stands for another state than in the regulations; the board's holds.", _FINE
    ),
    "out-of-session": Code(
        "warning",
        "The board's date is outside the dates that the regulations are in force.",
        "Check the date and the regulations.",
    ),
    "assumed": Code("note", "Something the source does not state was assumed.", "Check the assumption."),
    # what the regulations say of it
    "mark-missing": Code(
        "error",
        "A mark is missing with no reason; the module is incomplete.",
        "Enter the mark, or the state.",
    ),
    "state-contradiction": Code(
        "error",
        "A mark other than 0 stands beside not-submitted or absent; the module is incomplete.",
        "Correct the mark or the state.",
    ),
    "mark-set-aside": Code("note", "A mark beside a deferral was set aside.", _FINE),
    "markers-differ": Code(
        "error",
        "The markers' marks differ and there is no agreed one; the module is incomplete.",
        "Enter the agreed mark.",
    ),
    "mark-beside-grade": Code(
        "warning",
        "A mark stands in a module assessed by grades only; the grade was used.",
        "Take the mark out.",
    ),
    "mark-for-grade": Code(
        "error",
        "A mark stands in place of the grade in a module assessed by grades only; the module is incomplete.",
        "Enter the grade.",
    ),
    "grade-beside-mark": Code(
        "warning",
        "A grade stands in a module assessed by marks and was not used.",
        "Take the grade out, or say grade_only of the module.",
    ),
    "grade-only-used": Code(
        "note", "A module is assessed by grades alone, which were converted to marks.", _FINE
    ),
    "no-closure-days": Code(
        "note",
        "Days were counted and no closure days are listed; every weekday counts as a working day.",
        "List each as closure_day, if there are any.",
    ),
    "no-feedback-period": Code(
        "note",
        "The regulations give no period for feedback at a module's level; no day was reckoned.",
        "Correct the level, if it is wrong.",
    ),
    "date-before-board": Code(
        "warning",
        "Decisions are published, or transcripts received, before the meeting.",
        "Correct the date.",
    ),
    "registration-not-tested": Code(
        "note",
        "Something of the students' registration is not known and was not tested.",
        "Give it, if it is to be tested.",
    ),
    "registered-after-board": Code(
        "warning",
        "A student is registered from a day after the meeting; the period was not tested.",
        "Correct the date.",
    ),
    "attempt-beyond-limit": Code(
        "error",
        "An attempt is beyond the number allowed and was not used.",
        "Correct it, or record the decision extra-attempt.",
    ),
    "mark-after-pass": Code(
        "error",
        "A mark stands at an attempt after a pass and was not used.",
        "Correct it, or record the first sit.",
    ),
    "floor-not-reassessed": Code(
        "warning",
        "A component under its floor has no mark at the reassessment.",
        "Check that it was to be left out.",
    ),
    "no-deadline": Code(
        "note",
        "A submission at a later attempt has no deadline; lateness was not tested.",
        "Give the deadline, if there was one.",
    ),
    "scaling-not-endorsed": Code(
        "warning",
        "Marks were scaled and the board has not yet endorsed it.",
        "Put it to the board, and record endorsed Y.",
    ),
    "scaling-unruled": Code(
        "error",
        "Marks were to be scaled and the regulations have no rule for it; they were not.",
        "Take the row out, or give the agreed marks that the board decides.",
    ),
    "scaling-used": Code("note", "Marks were scaled, as the board endorsed.", _FINE),
    "other-study": Code(
        "note",
        "A student of one kind of programme is on a module of the other; caps go by the programme.",
        "Put it to the board.",
    ),
    "outcome-not-stated": Code(
        "warning",
        "A confirmed result has no outcome; it was taken from the mark and the pass mark.",
        "State the outcome.",
    ),
    "result-doubtful": Code(
        "warning",
        "A confirmed result's outcome and its mark hardly go together; the outcome stands.",
        "Check the mark and the outcome.",
    ),
    "result-mark-not-used": Code(
        "warning",
        "A confirmed result is deferred, incomplete or withdrawn and has a mark, which was not used.",
        "Take the mark out, or correct the outcome.",
    ),
    "already-confirmed": Code(
        "note",
        "Marks stand at an attempt that an earlier board has confirmed; the confirmed result stands.",
        _FINE,
    ),
    "confirmed-after-pass": Code(
        "warning",
        "Earlier boards have confirmed a later attempt after a pass; the later result stands.",
        "Check both results, and put them to the board.",
    ),
    "first-level-alone": Code(
        "note",
        "A classification rests on the award's first level alone.",
        "Put it to the board.",
    ),
    "other-levels-left-out": Code(
        "note",
        "A student classified on the first level alone has modules at the other, which do not count.",
        "Put it to the board.",
    ),
    "core-over-capacity": Code(
        "warning",
        "Core modules alone pass the credit that may count at their level; all of them were counted.",
        "Put the contradiction to the board.",
    ),
    "other-regulations": Code(
        "warning",
        "The board table names other regulations than the board was assessed under.",
        "Correct the table, or assess under the ones it names.",
    ),
    "condonement-size": Code(
        "note", "A failed module may be condoned but for its credits.", "Put it to the board."
    ),
    "condonement-floor-unknown": Code(
        "note",
        "A failed module's mark is enough to be condoned, and its components' marks are not known.",
        "Put it to the board.",
    ),
    "condonement-last-attempt": Code(
        "note",
        "A failed module may be condoned and may not be taken again; it decides no recommendation.",
        "Put it to the board.",
    ),
    "stage-not-stated": Code(
        "note",
        "Whether a failed module may be condoned depends on the student's stage, which is not stated.",
        "Enter the stage.",
    ),
    "condoned-against-rule": Code(
        "warning",
        "A recorded decision condones a module that the rule does not open; it stands.",
        "Put it to the board.",
    ),
    "reassessment-over-year": Code(
        "warning", "More credit is to be taken again in a year than may be allowed.", "Put it to the board."
    ),
    "reassessment-beyond-shares": Code(
        "warning", "More of a programme is to be taken again than it allows.", "Put it to the board."
    ),
    "reassessment-shares-disagree": Code(
        "warning",
        "What is to be taken again is beyond the share by modules or by credits alone.",
        "Put it to the board.",
    ),
    "reassessment-share-of-a-part": Code(
        "warning",
        "What is to be taken again is beyond a share of modules that come to less than the award's credit.",
        "Give the programme's other modules, or put it to the board.",
    ),
    "entry-short": Code(
        "note", "A student goes on to the next stage as an exception.", "Put it to the board."
    ),
    "entry-not-tested": Code(
        "note",
        "Entry to the next stage was not tested: the credit from elsewhere is not stated.",
        "Enter prior_credits, 0 where there is none.",
    ),
    "option-lost": Code("note", "An option was failed and may not be taken again.", "Put it to the board."),
    "prior-learning": Code("note", "Credit comes from prior learning.", "Put it to the board."),
    "prior-learning-small": Code(
        "warning", "Prior learning is given less credit than may be.", "Put it to the board."
    ),
    "learning-contract": Code("note", "A module was taken by a learning contract.", "Put it to the board."),
    "entry-level-elsewhere": Code(
        "warning",
        "A student due for an award has taken too little of the level of entry here.",
        "Put it to the board.",
    ),
    "misconduct-not-applied": Code(
        "warning",
        "An established offence has no effect: the regulations say nothing of misconduct.",
        "Apply its penalty by hand, and say so to the board.",
    ),
    "misconduct-pending": Code(
        "warning",
        "No penalty is decided for an established offence, and none is applied.",
        "Put it to the board, and enter what is decided.",
    ),
    "misconduct-not-stated": Code(
        "error",
        "What the penalty for an offence depends on is not stated.",
        "Enter it.",
    ),
    "misconduct-refused": Code(
        "error",
        "A decided penalty cannot be applied; it was not.",
        "Correct the row, or put it to the panel again.",
    ),
    "misconduct-doubtful": Code(
        "warning",
        "Something about a penalty hardly fits the offence or the student.",
        "Put it to the board.",
    ),
    "misconduct-twice": Code(
        "note", "Two rows of offences are equal; both were used.", "Delete one where it is one offence."
    ),
    "misconduct-confirmed": Code(
        "warning",
        "A penalty lowers marks beneath a result that an earlier board has confirmed, which stands.",
        "Put it to the board, which may decide the module's mark.",
    ),
    "misconduct-overruled": Code(
        "warning",
        "The board has decided a way on, a mark or a condoned fail that a penalty is against; it stands.",
        "Put it to the board again.",
    ),
    "misconduct-class": Code(
        "warning",
        "A penalty gives a lower class, which is not decided or is no lower.",
        "Put it to the board, and record the class that it decides.",
    ),
    "recommendation-not-used": Code(
        "note", "An external examiner's recommendation stands in the external's pack alone.", _FINE
    ),
    "mark-beside-claim": Code(
        "warning",
        "A mark is decided for a module about which a claim of mitigating circumstances is accepted.",
        "Make sure that the claim is not its reason.",
    ),
    "decision-without-module": Code(
        "warning", "A recorded decision names no module and has no effect.", "Name the module."
    ),
    "decision-without-effect": Code(
        "warning",
        "A recorded decision does nothing: the module is not as it supposes.",
        "Check the student and the module.",
    ),
    "attempts-on-one-decision": Code(
        "warning",
        "More attempts beyond the limit were used than there are recorded decisions that allow one.",
        "Record a decision for each, or put it to the board.",
    ),
    "decision-refused": Code(
        "error",
        "A recorded decision cannot be applied; it was not used.",
        "Correct it, or record another one below it.",
    ),
    "decision-stale": Code(
        "warning",
        "What a recorded decision was based on has changed since; the decision stands.",
        "Put it to the board again.",
    ),
    "decision-undated": Code(
        "note",
        "Recorded decisions do not say what they were based on; that it changes later cannot be told.",
        "Record decisions with boardkit decide, which writes it.",
    ),
}
