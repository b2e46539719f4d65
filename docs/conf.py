"""How the pages of docs/ are made; tests/harness/build_docs.py lays them out first. Nothing of them is fetched from elsewhere."""

from eligibility import __version__

project = "eligibility"
release = version = __version__
html_title = f"eligibility {__version__}"
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "index"
myst_heading_anchors = 3
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
add_module_names = False
napoleon_google_docstring = False
napoleon_use_rtype = False
default_role = "code"  # what docstrings have between single backticks

html_theme = "furo"  # system fonts, no script from elsewhere; works from a file
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
