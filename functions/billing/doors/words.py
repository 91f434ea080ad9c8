"""What the doors say of themselves alike: the problems of a list and of a change, CSV, and the sender's key."""

LIST, CHANGE = (401, 403, 404, 422, 503), (400, 401, 403, 404, 409, 413, 415, 422, 503)
CSV = {"text/csv": "The same as CSV, one line for each row."}
KEY = {"Idempotency-Key": "Required: any text of 1 to 255 visible characters; the same key and body count once."}
