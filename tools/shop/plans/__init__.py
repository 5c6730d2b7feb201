"""What a shopper may ask the shop to do, one module a kind: whether it is allowed, how it will look, and the doing."""
