"""Figures: publishers' files, the gate they pass, the shelf of sources, the panel of country-years."""
