// Runs before the first paint, so that a dark screen does not flash white, and before the app's
// scripts are read: who one is and what there is comes beside them. kernel/ui/api.ts takes it.
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
try {
  var said = localStorage.getItem('kontor-lang');
  var inside = !/^\/(sign-in|welcome)/.test(location.pathname);
  if (said && inside && !/[?&]lang=/.test(location.search)) {
    var ask = function (path) {
      var headers = { accept: 'application/json', 'accept-language': said };
      var signal = AbortSignal.timeout(60_000);
      return fetch(path, { headers: headers, signal: signal }).catch(function () {});
    };
    window.kontorEarly = { language: said };
    JSON.parse(localStorage.getItem('kontor-early') || '[]').forEach(function (path) {
      window.kontorEarly[path] = ask(path);
    });
  }
} catch (_) {}
