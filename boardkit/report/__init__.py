"""Reports: content first, as plain data or text, then how it is written down. They only read boards."""
