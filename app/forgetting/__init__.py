"""A shopper is forgotten: erased from every place in the register, each of which is then read again."""
