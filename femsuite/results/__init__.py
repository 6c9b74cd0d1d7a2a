"""What is made of a solution: the run folder, field files, quantities, tables, fits, plots and the report."""
