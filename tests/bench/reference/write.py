"""A function that only writes one document: the floor for whatever needs Firestore."""

import os

import functions_framework
from flask import Request
from google.cloud import firestore

client = firestore.Client(project=os.environ["GOOGLE_CLOUD_PROJECT"])


@functions_framework.http
def write(request: Request) -> dict[str, str]:
    """Keep the body as it came."""
    told = request.get_json()
    client.collection("events").document(told["eventId"]).create(told)
    return {"status": "success"}
