"""What shoppers do, kept in a durable log and made into features at once."""
