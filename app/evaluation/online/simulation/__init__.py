"""Shoppers who are made up, over a catalogue and a retrieval that are not."""
