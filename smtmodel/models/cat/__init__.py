"""Memory models from `.cat` and `.bell` files, in the language of herd7."""
