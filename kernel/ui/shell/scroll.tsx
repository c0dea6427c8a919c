import { useMergedRef, useResizeObserver } from '@mantine/hooks';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { t } from '../base/i18n.ts';

/** Lets what is too wide move sideways; reached by keys only where there is something to move. */
export function Scroll({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [watched, { width }] = useResizeObserver();
  const [wide, setWide] = useState(false);
  const ref = useMergedRef(box, watched);
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew for each width.
  useEffect(() => {
    const at = box.current;
    if (at) setWide(at.scrollWidth > at.clientWidth + 1);
  }, [width, children]);
  const reach = wide ? { tabIndex: 0, role: 'group', 'aria-label': t('Table') } : {};
  return (
    <div className="k-scroll" ref={ref} {...reach}>
      {children}
    </div>
  );
}
