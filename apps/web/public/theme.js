// Runs before the first paint, so that a dark screen does not flash white.
var chosen = 'auto';
try {
  chosen = localStorage.getItem('kontor-theme') || 'auto';
} catch (_) {}
var dark =
  chosen === 'dark' || (chosen === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
try {
  var owner = JSON.parse(localStorage.getItem('kontor-appearance') || '{}').accent;
  if (/^#[0-9a-f]{6}$/.test(owner)) {
    document.documentElement.style.setProperty('--k-owner', owner);
    document.documentElement.setAttribute('data-owner', '');
  }
} catch (_) {}
