// Before anything is drawn: the theme that was chosen on this device, if one was. A file of its own, because the page allows no
// inline scripts.
try {
  const chosen = localStorage.getItem("rollcall.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage is closed to this page: the system's theme it is.
}
