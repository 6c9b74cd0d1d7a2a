"""One weak form per file."""
