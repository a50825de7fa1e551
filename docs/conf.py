"""How the site is built: `make docs`, without a network, with warnings as errors."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "extensions"))

import eventsim  # noqa: E402 - the extensions beside this file come first

project = "eventsim"
author = "the eventsim authors"
copyright = "the eventsim authors, Apache License 2.0"
version = release = eventsim.__version__

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
    "generated",
    "mathml",
]
exclude_patterns = ["_build", "examples", "**.ipynb_checkpoints", "gallery/**.ipynb"]
default_role = "py:obj"
smartquotes = False  # two dashes are an option
highlight_language = "text"  # most blocks are commands

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 300
html_math_renderer = "mathml"

# Names of the package are shown as they are imported; what a dataclass holds stands in its text.
autodoc_typehints = "none"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

sphinx_gallery_conf = {
    "examples_dirs": "examples",
    "gallery_dirs": "gallery",
    "filename_pattern": r"\.py$",
    "image_scrapers": ("matplotlib", "figures.scrape"),
    "capture_repr": ("_repr_html_", "__repr__"),
    "ignore_repr_types": r"matplotlib\.",
    "run_stale_examples": True,  # the package may have changed, though the script has not
    "remove_config_comments": True,
    "min_reported_time": 1e9,  # times of a build say nothing to a reader
    "show_memory": False,
    "within_subsection_order": "FileNameSortKey",
    "show_signature": False,
    "write_computation_times": False,
    "abort_on_example_error": True,
}

html_theme = "pydata_sphinx_theme"
html_title = "eventsim"
html_static_path = ["static"]
html_css_files = ["eventsim.css"]
html_show_sourcelink = False
html_copy_source = False
html_domain_indices = False
html_sidebars = {"start": [], "names": []}  # pages without others below them
html_theme_options = {
    "logo": {"text": "eventsim"},
    "header_links_before_dropdown": 7,
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
    "show_toc_level": 2,
    # Wide tables need the room.
    "secondary_sidebar_items": {
        "**": ["page-toc"],
        "reference/settings": [],
        "reference/sensors": [],
        "names": [],
    },
}
