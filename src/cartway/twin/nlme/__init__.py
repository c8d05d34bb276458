"""Populations of real data: nonlinear mixed effects by SAEM, of levels measured over time in many subjects."""
