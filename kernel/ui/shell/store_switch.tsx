import { Button, Menu } from '@mantine/core';
import { readLocalStorageValue, useLocalStorage } from '@mantine/hooks';
import { IconBuildingStore, IconCheck, IconChevronDown } from '@tabler/icons-react';
import { t } from '../base/i18n.ts';
import { useSignedIn } from '../base/session.tsx';
import type { Me } from '../base/types.ts';

const chosen = { key: 'kontor-store', defaultValue: '' };

/** The store that the person works in now; '' is all of them. */
export function useStore(): [string, (store: string) => void] {
  const me = useSignedIn();
  const [store, setStore] = useLocalStorage({ ...chosen, getInitialValueInEffect: false });
  return [storeOf(me, store), setStore];
}

export function storeOf({ stores }: Me, store = readLocalStorageValue(chosen)): string {
  const known = stores.some(({ id }) => id === store);
  return known ? store : stores.length === 1 ? (stores[0]?.id ?? '') : '';
}

export function StoreSwitch() {
  const { stores } = useSignedIn();
  const [store, setStore] = useStore();
  if (stores.length < 2) return null;
  const name = stores.find(({ id }) => id === store)?.name ?? t('All stores');
  const choices = [{ id: '', name: t('All stores') }, ...stores];
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          className="k-store"
          leftSection={<IconBuildingStore size={16} stroke={1.6} />}
          rightSection={<IconChevronDown size={14} stroke={1.6} />}
        >
          {name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map(({ id, name: label }) => (
          <Menu.Item
            key={id}
            onClick={() => setStore(id)}
            rightSection={id === store ? <IconCheck size={14} aria-label={t('Chosen')} /> : null}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
