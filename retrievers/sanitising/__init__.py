"""What may be hidden in a text, taken out of it: at ingestion and again when it is retrieved."""
