import type { RouteComponent } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { api } from '../../../kernel/ui/base/api.ts';
import { Waiting } from '../../../kernel/ui/base/states.tsx';

/**
 * A page whose script comes when it is opened, and is asked for anew where it did not come. The
 * router's own would load the whole app anew, which away from the server is the end of it.
 */
export function later(load: () => Promise<{ default: ComponentType }>): RouteComponent {
  let Loaded: ComponentType | undefined;
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each route, never while drawing.
  const Page = () => (Loaded ? <Loaded /> : <Waiting />);
  return Object.assign(Page, {
    async preload() {
      try {
        Loaded ??= (await load()).default;
      } catch (error) {
        // Where the server isn't reached, that is what is said.
        await api.health();
        throw error;
      }
    },
  });
}
