"""A second opinion on the regulations: slow, plain, one student at a time, and sharing no code with boardkit."""

from .engine import assess

__all__ = ["assess"]
