"""How the disease answers: response from raw measurements, kinetics of the CAR T cells, endpoints."""
