"""A turn that was written down, run again: what it was given then, what is changed now, and what came of it."""
