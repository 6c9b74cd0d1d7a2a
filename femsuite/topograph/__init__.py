"""X-ray topographs of a strained single-crystal die: lattice field, contrast, ray tracing, detector, pictures."""
