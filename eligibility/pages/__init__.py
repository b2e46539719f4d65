"""From a result to exactly what a page says.

    wording    numbers, lists and dates as a page prints them
    reasons    what decided a node, and what a rule says in words
    charts     numbers to coordinates
    facts      a result unpacked once for all pages
    sentences, changes, exhibits, sourcing   what is said of one country
    justification   the page of a country       } as the frozen values of `views`,
    briefing, board, annexes   the board's      } which the templates print
    print_pdf  pages through an installed browser

The door is `eligibility.present.report`.
"""
