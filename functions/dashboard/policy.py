"""What a browser may do on the pages: run our own scripts, speak to our own addresses, and nothing else."""

from collections.abc import Mapping
from urllib.parse import urlsplit

GOOGLE = "https://accounts.google.com/gsi"


def page_headers(realtime_url: str | None, *, has_google: bool) -> Mapping[str, str]:
    """The security headers of the page. Google's button is let in only where people sign in with it."""
    own = "'self'"
    rules = {
        "default-src": ["'none'"],
        "script-src": [own, *([f"{GOOGLE}/client"] if has_google else [])],
        "style-src": [own, *([f"{GOOGLE}/style"] if has_google else [])],
        "img-src": [own, "data:"],
        "font-src": [own],
        "connect-src": [own, *_both_schemes(realtime_url), *([f"{GOOGLE}/"] if has_google else [])],
        "frame-src": [f"{GOOGLE}/"] if has_google else ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items()),
        "Cross-Origin-Opener-Policy": "same-origin-allow-popups" if has_google else "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
        "X-Frame-Options": "DENY",
    }


def _both_schemes(url: str | None) -> list[str]:
    """An origin as the live connection speaks to it: over HTTP first, then over a WebSocket."""
    if not url:
        return []
    parts = urlsplit(url)
    socket = "wss" if parts.scheme == "https" else "ws"
    return [f"{parts.scheme}://{parts.netloc}", f"{socket}://{parts.netloc}"]
