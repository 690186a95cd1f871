"""Django's PostgreSQL, with connections that are kept between requests: see `base.py`."""
