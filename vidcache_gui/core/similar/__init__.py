"""Which items show the same footage: fingerprints, matches, decisions, and the work they take.

The catalog is the truth. The index in the library's folder ``similar`` is a copy of what the
fingerprints say, made for searching; deleted, it is made again.
"""
