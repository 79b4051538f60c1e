"""Relations between concepts and between papers, each with what it comes from.

`relate` reads an assembled graph and adds two tables' worth: which methods serve which task, on which
data, in which measure, against which others (`within`, `pooling`); what is a kind of what (`kinds`,
`patterns`, `subclasses`); what is spoken of together (`cooccurrence`); and which paper builds on which
(`introductions`, `building_on`). Nothing is made from pairs that no paper puts together.
"""

from kg.relations.relating import relate

__all__ = ["relate"]
