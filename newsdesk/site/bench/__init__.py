"""How fast the readers' pages are: `make bench-site`."""
