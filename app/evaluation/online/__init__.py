"""What shoppers do with what they are shown: attribution, uplift and interleaving, simulated or real."""
