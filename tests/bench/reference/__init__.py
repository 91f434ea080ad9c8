"""The measure: the least code that does the like, on the same framework and with the libraries as their guides use them."""
