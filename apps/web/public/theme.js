// Runs before the first paint, so that a dark screen does not flash white.
var chosen = 'auto';
try {
  chosen = localStorage.getItem('kontor-theme') || 'auto';
} catch (_) {}
var dark =
  chosen === 'dark' || (chosen === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
