"""What the tool has to say, as documents. How a document looks is for `smtmodel.formats`."""
