"""What is saved: the shape of every JSON document, once.

`codec` writes and reads these records and makes their JSON Schema. They hold what was found out
as it was; what it means is looked at by `smtmodel.documents.saved`, which makes results of them.
"""
