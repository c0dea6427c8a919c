import { ActionIcon, Checkbox, Menu } from '@mantine/core';
import { IconCheck, IconDots } from '@tabler/icons-react';
import { A } from '../../../../kernel/ui/base/address.tsx';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import type { PermissionGroup } from '../../../../kernel/ui/base/permissions.ts';
import { may, useSignedIn } from '../../../../kernel/ui/base/session.tsx';
import { listAt } from '../../../../kernel/ui/list/at.ts';
import { Scroll } from '../../../../kernel/ui/shell/scroll.tsx';
import type { Wish } from './role_dialogs.tsx';
import type { Editing, Role } from './roles.tsx';

type Props = {
  roles: Role[];
  groups: PermissionGroup[];
  /** the one role that a narrow screen has room for */
  seen: string;
  editing: Editing;
  ask?: ((wish: Wish) => void) | undefined;
};

/** What each role permits: a line for each thing that may be done, a column for each role. */
export function RoleMatrix({ roles, groups, seen, editing, ask }: Props) {
  const narrow = (role: Role) => (role.name === seen ? 'k-role k-role-is-seen' : 'k-role');
  return (
    <Scroll>
      <table className="k-role-matrix">
        <thead>
          <tr>
            <td />
            {roles.map((role) => (
              <th key={role.name} scope="col" className={narrow(role)}>
                <RoleHead role={role} ask={editing.role ? undefined : ask} />
              </th>
            ))}
          </tr>
        </thead>
        {groups.map(({ group, permissions }) => {
          return (
            <tbody key={group}>
              <tr className="k-role-module">
                <th scope="rowgroup">{group}</th>
                {roles.map((role) => (
                  <td key={role.name} className={narrow(role)}>
                    {editing.role?.name === role.name ? (
                      <Whole {...{ group, permissions, editing }} />
                    ) : null}
                  </td>
                ))}
              </tr>
              {permissions.map(({ name, allows }) => (
                <tr key={name}>
                  <th scope="row">{allows}</th>
                  {roles.map((role) => (
                    <td key={role.name} className={narrow(role)}>
                      {editing.role?.name === role.name ? (
                        <Tick {...{ name, allows, editing }} />
                      ) : role.permissions.includes(name) ? (
                        <IconCheck size={16} aria-label={t('Yes')} />
                      ) : null}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          );
        })}
      </table>
    </Scroll>
  );
}

/** What one lacks oneself one puts into no role. */
function Tick({ name, allows, editing }: { name: string; allows: string; editing: Editing }) {
  const me = useSignedIn();
  return (
    <Checkbox
      aria-label={`${editing.role?.label}: ${allows}`}
      checked={editing.chosen.has(name)}
      disabled={!may(me, name)}
      onChange={(event) => editing.toggle([name], event.currentTarget.checked)}
    />
  );
}

/** All of a group at once. */
function Whole({ group, permissions, editing }: PermissionGroup & { editing: Editing }) {
  const me = useSignedIn();
  const names = permissions.map(({ name }) => name).filter((name) => may(me, name));
  const has = names.filter((name) => editing.chosen.has(name)).length;
  return (
    <Checkbox
      aria-label={t('{role}: all of {group}', { role: editing.role?.label, group })}
      checked={has === names.length}
      indeterminate={has > 0 && has < names.length}
      disabled={names.length === 0}
      onChange={(event) => editing.toggle(names, event.currentTarget.checked)}
    />
  );
}

function RoleHead({ role, ask }: { role: Role; ask?: ((wish: Wish) => void) | undefined }) {
  const { name, label, people, is_own } = role;
  const held = listAt('identity.user_role', { filter: [['role', '=', name]] });
  const said = t('{n, plural, one {# person} other {# people}}', { n: people });
  return (
    <div className="k-role-head">
      <div>
        <b title={label}>{label}</b>
        {ask ? (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('More for {name}', { name: label })}
              >
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => ask({ verb: 'make', role })}>{t('Copy')}</Menu.Item>
              {is_own ? (
                <>
                  <Menu.Item onClick={() => ask({ verb: 'change', role })}>
                    {t('Change what it permits')}
                  </Menu.Item>
                  <Menu.Item onClick={() => ask({ verb: 'rename', role })}>{t('Rename')}</Menu.Item>
                  <Menu.Item
                    color="red"
                    disabled={people > 0}
                    onClick={() => ask({ verb: 'remove', role })}
                  >
                    {people > 0 ? t('Remove (nobody may have it)') : t('Remove')}
                  </Menu.Item>
                </>
              ) : null}
            </Menu.Dropdown>
          </Menu>
        ) : null}
      </div>
      <small>{people > 0 ? <A href={held}>{said}</A> : said}</small>
    </div>
  );
}
