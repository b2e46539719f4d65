"""From a result to exactly what a page says.

    facts       a result unpacked once for all pages
    said        sentences that carry their facts: phrases of the catalogue, *phrases.py, in the words of wording
    blocks      what a page is made of: sections of texts, tables, drawings
    card, details, outside         the page of a country
    brief, agenda, annexes         the board's
    auditing, reviewing, replaying, dossier, contents   the other pages
    rendering, in_text             a page through the templates, or in a terminal
    print_pdf   pages through an installed browser

The door is `eligibility.present.report`.
"""
