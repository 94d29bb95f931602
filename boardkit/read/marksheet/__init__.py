"""Marksheets as boards hold them, one row a student and one column a piece of work, read as board.toml says."""
