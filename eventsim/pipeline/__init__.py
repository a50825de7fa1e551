"""Many inputs to one dataset: plan, run, finish."""
