"""The dashboard: pages built from web/ into dist/, and the function that serves them."""
