"""The shop's own store: carts, orders, accounts, what was proposed, and the log of what was done."""
