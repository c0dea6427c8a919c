import { useEffect, useRef } from 'react';

/** A key of a page: what it does, and its words for the help. */
export type Key = {
  /** `n`, `/`, `mod+Enter`, `alt+ArrowUp`; `g d` is one after the other. */
  keys: string;
  label: string;
  /** Missing where a field takes the key itself: it only stands in the help. */
  run?: () => void;
  /** Also while a field is being typed in. */
  typing?: boolean;
};

const known = new Set<{ current: Key[] }>();

/** The keys that do something now, those of the page before those of the frame. */
export const keysNow = (): Key[] => [...known].reverse().flatMap(({ current }) => current);

/** Gives a page its keys for as long as it is shown; they stand in the help. */
export function useKeys(keys: Key[]): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    known.add(latest);
    const listen = (event: KeyboardEvent) => {
      const typing = isTyping(event.target);
      const found = latest.current.find((key) => (key.typing || !typing) && isPressed(key, event));
      if (!found?.run || event.defaultPrevented) return;
      event.preventDefault();
      found.run();
    };
    window.addEventListener('keydown', listen);
    return () => {
      known.delete(latest);
      window.removeEventListener('keydown', listen);
    };
  }, []);
}

let before = { key: '', at: 0 };
let seen: KeyboardEvent | undefined;

function isPressed({ keys }: Key, event: KeyboardEvent): boolean {
  if (event !== seen) {
    if (seen) before = { key: seen.key, at: seen.timeStamp };
    seen = event;
  }
  const [first = '', second] = keys.split(' ');
  if (second) {
    const soon = event.timeStamp - before.at < 1000;
    return plain(event) && soon && before.key === first && event.key === second;
  }
  const parts = first.split('+');
  const key = parts.pop();
  const mod = event.ctrlKey || event.metaKey;
  return (
    event.key.toLowerCase() === key?.toLowerCase() &&
    mod === parts.includes('mod') &&
    event.altKey === parts.includes('alt')
  );
}

const plain = (event: KeyboardEvent) => !event.ctrlKey && !event.metaKey && !event.altKey;

/** Whether what has the focus takes what is typed. */
function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return Boolean(element?.closest?.('input, textarea, select, [contenteditable], [role=dialog]'));
}

const names = new Map([
  ['mod', 'Ctrl'],
  ['alt', 'Alt'],
  ['shift', 'Shift'],
  ['ArrowUp', '↑'],
  ['ArrowDown', '↓'],
  ['Delete', 'Del'],
  ['PageUp', 'Pg\u202f↑'],
  ['PageDown', 'Pg\u202f↓'],
  ['Escape', 'Esc'],
  ['Plus', '+'],
  ['Minus', '\u2212'],
]);

/** What stands on the keys that are pressed, one after the other. */
export const pressed = (keys: string): string[] =>
  keys.split(/[+ ]/).map((key) => names.get(key) ?? (key.length > 1 ? key : key.toUpperCase()));
