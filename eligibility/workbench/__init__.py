"""The workbench: one page on which weights and thresholds are moved and the ranking follows.

model   criteria and figures as plain data for the page's own scorer
edits   where in the YAML each number stands, so that the page can save it and leave the rest
draws   the first draws of the measurement error, small enough to travel with the page
page    the three of them in one HTML file
"""
