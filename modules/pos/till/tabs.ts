import { useCallback, useEffect, useRef, useState } from 'react';

type Message = { kind: 'is_anyone_here' | 'i_am_here' | 'i_take_over'; tab: string };

/** One tab sells at a time: the second asks, and the first gives way when it is told to. */
export function useOnlyTab(): { asking: boolean; away: boolean; takeOver: () => void } {
  const [asking, setAsking] = useState(false);
  const [away, setAway] = useState(false);
  const channel = useRef<BroadcastChannel | null>(null);
  const active = useRef(true);
  const [tab] = useState(() => Math.random().toString(36).slice(2));
  useEffect(() => {
    const open = new BroadcastChannel('kontor-till');
    channel.current = open;
    const say = (kind: Message['kind']) => open.postMessage({ kind, tab } satisfies Message);
    open.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.tab === tab) return;
      if (data.kind === 'is_anyone_here' && active.current) say('i_am_here');
      if (data.kind === 'i_am_here') {
        active.current = false;
        setAsking(true);
      }
      if (data.kind === 'i_take_over' && active.current) {
        active.current = false;
        setAway(true);
      }
    };
    say('is_anyone_here');
    return () => open.close();
  }, [tab]);
  const takeOver = useCallback(() => {
    active.current = true;
    channel.current?.postMessage({ kind: 'i_take_over', tab } satisfies Message);
    setAsking(false);
    setAway(false);
  }, [tab]);
  return { asking, away, takeOver };
}
