"""The stages, one direction: marks, penalties, modules, award. Each is a pure function of frames."""
