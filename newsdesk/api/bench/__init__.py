"""How fast the API is: `make bench-api`, on a desk of its own that is gone afterwards."""
