"""Tests of the checks, and of every problem that can be found."""
