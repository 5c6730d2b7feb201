"""Traces as a person reads them: in the terminal, in a browser, and in a file that needs neither server nor network."""
