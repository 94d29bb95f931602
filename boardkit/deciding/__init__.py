"""Deciding: a board's decision checked against the board as it stands, and recorded where it was read from."""
