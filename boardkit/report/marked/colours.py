"""Colours: what each severity is filled with; a word always stands beside it, in the comment or in the list."""

from __future__ import annotations

COLOURS = {"error": "FFF4B6B0", "warning": "FFF6EBA6", "note": "FFCFE0F3"}
