import { Button, Menu } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconBuildingStore, IconCheck, IconChevronDown } from '@tabler/icons-react';
import { t } from './i18n.ts';
import { useSignedIn } from './session.tsx';

/** The store that the person works in now; '' is all of them. */
export function useStore(): [string, (store: string) => void] {
  const me = useSignedIn();
  const [store, setStore] = useLocalStorage({
    key: 'kontor-store',
    defaultValue: '',
    getInitialValueInEffect: false,
  });
  const known = me.stores.some(({ id }) => id === store);
  return [known ? store : me.stores.length === 1 ? (me.stores[0]?.id ?? '') : '', setStore];
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
