"""What is done to a picture when it has been dreamed."""
