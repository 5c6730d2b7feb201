"""Instructions planted into a shop's texts, a model that obeys them, and what of it a shopper gets to see."""
