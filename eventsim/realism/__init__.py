"""How real a simulated stream is: statistics of two streams, held against each other."""
