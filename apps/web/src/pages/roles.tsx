import { Button, Select } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../../kernel/ui/base/api.ts';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { type PermissionGroup, permissionGroups } from '../../../../kernel/ui/base/permissions.ts';
import { may, useCatalogue, useSignedIn } from '../../../../kernel/ui/base/session.tsx';
import {
  Failed,
  Forbidden,
  problemText,
  Refusal,
  Waiting,
} from '../../../../kernel/ui/base/states.tsx';
import type { Row } from '../../../../kernel/ui/base/types.ts';
import { roleName } from '../../../../kernel/ui/field/cell.tsx';
import { useLeave } from '../../../../kernel/ui/shell/leave.tsx';
import { RoleDialog, type Wish } from './role_dialogs.tsx';
import { RoleMatrix } from './role_matrix.tsx';
import './roles.css';

export type Role = {
  name: string;
  label: string;
  is_own: boolean;
  permissions: string[];
  people: number;
  version: number;
};

const all = { limit: 200 };

/** What each role permits, how many have it, and the roles that the shop makes for itself. */
export default function RolesPage() {
  const me = useSignedIn();
  const allowed = may(me, 'identity.manage_users');
  const { data: catalogue } = useCatalogue();
  const { data, error } = useQuery({
    queryKey: ['list', 'identity.role_held', all],
    queryFn: ({ signal }) => api.list('identity.role_held', all, signal),
    enabled: allowed,
  });
  if (!allowed) return <Forbidden />;
  if (error) return <Failed error={error} />;
  if (!data || !catalogue) return <Waiting rows={8} />;
  const roles = inOrder(data.rows);
  // A role may be given in any store, so that only who manages users in all of them shapes one.
  const shapes = me.roles.some(({ store_id }) => store_id === null);
  const groups = permissionGroups(catalogue.permissions ?? []);
  return <Sheet {...{ roles, groups, shapes }} />;
}

// Those of Kontor first, from the one that permits most; then the shop's own as they are called.
function inOrder(rows: Row[]): Role[] {
  const roles = rows.map((row) => ({
    ...(row as Role),
    label: roleName(String(row.name)),
    people: Number(row.people),
  }));
  return roles.sort(
    (a, b) =>
      Number(a.is_own) - Number(b.is_own) ||
      (a.is_own ? 0 : b.permissions.length - a.permissions.length) ||
      a.label.localeCompare(b.label),
  );
}

type SheetProps = {
  roles: Role[];
  groups: PermissionGroup[];
  shapes: boolean;
};

function Sheet({ roles, groups, shapes }: SheetProps) {
  const [wish, setWish] = useState<Wish | null>(null);
  const [looked, setLooked] = useState('');
  const editing = useEditing(roles);
  const { asked } = useLeave(editing.dirty);
  const seen = roles.some(({ name }) => name === looked) ? looked : (roles[0]?.name ?? '');
  const change = (next: Wish) => {
    if (next.verb !== 'change') return setWish(next);
    setLooked(next.role.name);
    editing.begin(next.role);
  };
  return (
    <div className="k-page k-stack k-role-page">
      <div className="k-head">
        <h1>{t('Roles')}</h1>
        {shapes ? (
          <Button onClick={() => setWish({ verb: 'make' })} disabled={editing.role !== null}>
            {t('New role')}
          </Button>
        ) : null}
      </div>
      <p className="k-dim">
        {t('The roles that come with Kontor stay as they are. Copy one to make your own of it.')}
      </p>
      {/* On a phone there is room for one role at a time. */}
      <Select
        className="k-role-seen"
        label={t('Role')}
        data={roles.map(({ name, label }) => ({ value: name, label }))}
        value={seen}
        disabled={editing.role !== null}
        allowDeselect={false}
        onChange={(name) => setLooked(name ?? seen)}
      />
      <RoleMatrix {...{ roles, groups, seen, editing }} ask={shapes ? change : undefined} />
      {editing.role ? <EditBar editing={editing} /> : null}
      {wish ? (
        <RoleDialog
          roles={roles}
          wish={wish}
          close={() => setWish(null)}
          done={(name) => {
            setWish(null);
            if (name) setLooked(name);
          }}
        />
      ) : null}
      {asked}
    </div>
  );
}

function EditBar({ editing }: { editing: Editing }) {
  const { role, chosen, save, end, busy, dirty, problem } = editing;
  return (
    <div className="k-choice-bar k-role-bar">
      <Refusal text={problem} />
      <span>{t('{role}: {n} permitted', { role: role?.label, n: chosen.size })}</span>
      <Button size="compact-sm" variant="default" onClick={end}>
        {t('Cancel')}
      </Button>
      <Button size="compact-sm" loading={busy} disabled={!dirty} onClick={() => void save()}>
        {t('Save changes')}
      </Button>
    </div>
  );
}

export type Editing = ReturnType<typeof useEditing>;

/** The role whose permissions are being changed, and what is ticked for it so far. */
function useEditing(roles: Role[]) {
  const client = useQueryClient();
  const [begun, setBegun] = useState<Role | null>(null);
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const role = roles.some(({ name }) => name === begun?.name) ? begun : null;
  const before = new Set(role?.permissions);
  const end = () => {
    setBegun(null);
    setProblem('');
  };
  const save = async () => {
    if (!role) return;
    setBusy(true);
    setProblem('');
    try {
      const said = { role: role.name, version: role.version, permissions: [...chosen] };
      await api.call('identity.role.permit', said);
      setBegun(null);
    } catch (error) {
      setProblem(problemText(error));
    }
    setBusy(false);
    await client.invalidateQueries({ queryKey: ['list', 'identity.role_held'] });
  };
  return {
    ...{ role, chosen, problem, busy, end, save },
    dirty: role !== null && chosen.symmetricDifference(before).size > 0,
    begin(next: Role) {
      setBegun(next);
      setChosen(new Set(next.permissions));
      setProblem('');
    },
    toggle: (names: string[], on: boolean) =>
      setChosen((was) => (on ? was.union(new Set(names)) : was.difference(new Set(names)))),
  };
}
