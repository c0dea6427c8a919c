import { isKernel } from '../shell/menu.ts';
import { t } from './i18n.ts';
import type { Permission } from './types.ts';

export type PermissionGroup = { group: string; permissions: Permission[] };

/** What may be permitted, grouped as the menu is: the business first, what looks after Kontor last. */
export function permissionGroups(all: Permission[]): PermissionGroup[] {
  const inOrder = [...all].sort((a, b) => Number(isKernel(a.module)) - Number(isKernel(b.module)));
  const groups = Map.groupBy(inOrder, ({ module, module_label }) =>
    isKernel(module) ? t('Administration') : module_label,
  );
  return [...groups].map(([group, permissions]) => ({ group, permissions }));
}
