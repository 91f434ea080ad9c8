"""Takes in what Google pushes about meetings, as events of Google Workspace over Pub/Sub."""
