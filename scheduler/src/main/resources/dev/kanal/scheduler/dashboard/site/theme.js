// Runs before the first paint, so that a chosen theme does not flash in from the other one.
// The only file that is no module; core/preferences.js writes what it reads.
try {
  const theme = localStorage.getItem('kanal.theme');
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // Storage may be forbidden; the system's theme is fine, then.
}
