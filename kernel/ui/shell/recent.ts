/** A record that was looked at, as the search offers it again. */
export type Recent = { label: string; second: string; href: string };

const key = 'kontor-recent';
const most = 8;

/** The records that this person looked at in this window, the last one first. */
export function recentOf(person: string): Recent[] {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? '{}');
    // Another person at the same machine learns no names from it.
    return kept.person === person && Array.isArray(kept.rows) ? kept.rows : [];
  } catch {
    return [];
  }
}

export function keepRecent(person: string, one: Recent): void {
  const others = recentOf(person).filter(({ href }) => href !== one.href);
  try {
    const rows = [one, ...others].slice(0, most);
    sessionStorage.setItem(key, JSON.stringify({ person, rows }));
  } catch {
    // Without room for it there is none.
  }
}
