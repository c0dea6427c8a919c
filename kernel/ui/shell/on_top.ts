import { useEffect } from 'react';

let above = 0;

/** While a dialog that calls this is drawn over another, Esc is its own. */
export function useOnTop(): void {
  useEffect(() => {
    above++;
    return () => {
      above--;
    };
  }, []);
}

/** Closes a dialog, unless another lies over it. */
export const unlessUnder = (close: () => void) => () => {
  if (above === 0) close();
};
