"""Facts and findings going out."""
