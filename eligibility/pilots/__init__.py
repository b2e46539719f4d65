"""Running and planned pilots: the register kept by hand, each line of it against the document, a start to fill in."""
