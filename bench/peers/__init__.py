"""What others do, measured in the same run."""
