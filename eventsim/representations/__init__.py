"""Events become arrays: one representation a file."""
