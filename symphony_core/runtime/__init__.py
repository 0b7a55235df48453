"""Where runs live: the data folder, the worker, leases, the command line's parts."""
