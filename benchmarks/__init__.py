"""The benchmarks: what is promised, measured beside its peers in one run. `python -m benchmarks --help`."""
