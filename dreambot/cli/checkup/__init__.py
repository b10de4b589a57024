"""What `dreambot doctor` looks at."""
