import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../base/api.ts';
import { problemText } from '../base/states.tsx';
import type { Row } from '../base/types.ts';

type RowButtonProps = { label: string; of: string; run: () => void; disabled?: boolean };

/** A small button in a table's row; of: what the row is called, for who hears the page. */
export function RowButton({ label, of, run, disabled }: RowButtonProps) {
  return (
    <Button
      variant="default"
      size="compact-sm"
      disabled={disabled}
      aria-label={`${label}: ${of}`}
      onClick={run}
    >
      {label}
    </Button>
  );
}

type OnSwitchProps = { of: string; on: boolean; set: (on: boolean) => void; disabled?: boolean };

export function OnSwitch({ of, on, set, disabled }: OnSwitchProps) {
  return (
    <input
      type="checkbox"
      role="switch"
      className="k-switch"
      aria-label={of}
      aria-checked={on}
      checked={on}
      disabled={disabled}
      onChange={() => set(!on)}
    />
  );
}

/** Calls an operation, keeps why it was refused, and reads the tables anew either way. */
export function useAct(...tables: string[]) {
  const client = useQueryClient();
  const [problem, setProblem] = useState('');
  const refresh = async () => {
    for (const table of tables) await client.invalidateQueries({ queryKey: ['list', table] });
  };
  const act = async (operation: string, input: Row) => {
    setProblem('');
    try {
      await api.call(operation, input);
    } catch (error) {
      setProblem(problemText(error));
    }
    await refresh();
  };
  return { act, problem, refresh };
}
