"""Analysis: what a board's results look like as a whole. It reads boards and decides nothing."""
