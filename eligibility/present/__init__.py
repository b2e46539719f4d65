"""What leaves the engine: tables, files, explanations, reports."""
