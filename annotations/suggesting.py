def read(run_id): pass
