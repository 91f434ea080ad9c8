"""The Socket.IO gateway: classes live to the browser."""
