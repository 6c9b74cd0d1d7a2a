"""PETSc presets, linear and Newton solves, time stepping, and the record of what each of them did."""
