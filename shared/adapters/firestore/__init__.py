"""Firestore: documents of a few indexed fields and a body.

A document holds the fields that queries use, natively, and everything else as JSON text in `body`: a body
costs the client a tenth of the CPU of native fields and is never indexed. `v` is the version of the body's shape, for migrations.
"""
