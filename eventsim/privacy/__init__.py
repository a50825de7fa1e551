"""What anonymized events still tell: attackers who adapt, held against what they cost the task."""
