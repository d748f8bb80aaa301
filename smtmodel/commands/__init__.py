"""What single commands do beyond deciding. Nothing here prints: `smtmodel.cli` does."""
