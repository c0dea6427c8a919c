import { Button, Select, TextInput } from '@mantine/core';
import { IconDownload, IconPrinter, IconTable } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useAddress, useGo, useParam } from '../../../../kernel/ui/base/address.tsx';
import { api } from '../../../../kernel/ui/base/api.ts';
import { isoDay } from '../../../../kernel/ui/base/format.ts';
import { t, tag } from '../../../../kernel/ui/base/i18n.ts';
import { useCatalogue, useSignedIn } from '../../../../kernel/ui/base/session.tsx';
import { Failed, Waiting } from '../../../../kernel/ui/base/states.tsx';
import type { Report, ReportParameter } from '../../../../kernel/ui/base/types.ts';
import type { Mark } from '../../../../kernel/ui/chart/chart.ts';
import { kindOf, marksOf } from '../../../../kernel/ui/chart/chart_marks.ts';
import { ReportChart } from '../../../../kernel/ui/chart/charts.tsx';
import { ReportTable, useRowLink } from '../../../../kernel/ui/chart/report_table.tsx';
import { choiceLabel, choiceValue, words } from '../../../../kernel/ui/field/cell.tsx';
import { downloadCsv } from '../../../../kernel/ui/field/csv.ts';
import { LookUp } from '../../../../kernel/ui/field/look_up.tsx';

/** A report: what it asks for, its chart where it has one, its rows. */
export default function ReportPage() {
  const name = useParam('name');
  const me = useSignedIn();
  const { data: catalogue } = useCatalogue();
  const [address, change] = useAddress();
  const entry = catalogue?.reports.find((one) => one.name === name);
  const today = isoDay(new Date(me.now), me.stores[0]?.time_zone);
  const values = valuesOf(entry?.parameters ?? [], address, today);
  const missing = (entry?.parameters ?? []).some((one) => !one.optional && !values[one.name]);
  const { data, error, refetch } = useQuery({
    queryKey: ['report', name, values],
    enabled: Boolean(catalogue) && !missing,
    queryFn: () => api.report(name, values),
    placeholderData: (last: Report | undefined) => last,
  });
  const title = data?.title ?? entry?.title ?? words(name);
  return (
    <div className="k-page">
      <div className="k-head">
        <h1>{title}</h1>
        <Button
          variant="default"
          leftSection={<IconPrinter size={15} stroke={1.6} />}
          onClick={() => window.print()}
        >
          {t('Print')}
        </Button>
        <Button
          variant="default"
          disabled={!data?.rows.length}
          leftSection={<IconDownload size={15} stroke={1.6} />}
          onClick={() => data && save(name, data)}
        >
          {t('Save as CSV')}
        </Button>
        <Button
          variant="default"
          component="a"
          download
          href={api.reportUrl(name, values)}
          data-disabled={!data?.rows.length || undefined}
          leftSection={<IconTable size={15} stroke={1.6} />}
        >
          {t('Save as Excel')}
        </Button>
      </div>
      {entry?.parameters.length ? (
        <div className="k-parameters">
          {entry.parameters.map((one) => (
            <Parameter
              key={one.name}
              parameter={one}
              value={values[one.name] ?? ''}
              onChange={(value) => change({ [one.name]: value })}
            />
          ))}
        </div>
      ) : null}
      {error ? <Failed error={error} again={() => void refetch()} /> : null}
      {data && !error ? <Body report={data} title={title} /> : null}
      {!data && !error && !missing ? <Waiting /> : null}
    </div>
  );
}

function Body({ report, title }: { report: Report; title: string }) {
  const { company } = useSignedIn();
  const points = report.chart ? marksOf(report, { tag: tag(), decimals: company.decimals }) : [];
  const [linkOf, go] = [useRowLink(report), useGo()];
  const pick = (mark: Mark) => {
    const row = report.rows[points.findIndex(({ label }) => label === mark.label)];
    const href = row && linkOf(row);
    if (href) go(href);
  };
  return (
    <>
      <ReportChart kind={kindOf(report)} points={points} label={title} height={220} onPick={pick} />
      <ReportTable report={report} totals />
    </>
  );
}

type ParameterProps = {
  parameter: ReportParameter;
  value: string;
  onChange: (value: string) => void;
};

function Parameter({ parameter, value, onChange }: ParameterProps) {
  const { name, type = 'text', refers_to, choices } = parameter;
  const label = parameter.label ?? named(name);
  const table = refers_to ?? (/^[a-z_]+\.[a-z_]+$/.test(type) ? type : null);
  if (table) {
    return (
      <LookUp
        table={table}
        label={label}
        value={value || null}
        onChange={(id) => onChange(id ?? '')}
      />
    );
  }
  if (choices?.length) {
    const data = choices.map((one) => ({ value: choiceValue(one), label: choiceLabel(one) }));
    return (
      <Select
        label={label}
        data={data}
        value={value || null}
        onChange={(next) => onChange(next ?? '')}
      />
    );
  }
  return (
    <TextInput
      label={label}
      type={type === 'date' ? 'date' : 'text'}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function named(name: string): string {
  const known: Record<string, string> = {
    from: t('From'),
    to: t('Until'),
    on: t('Day'),
    store: t('Store'),
  };
  return known[name] ?? words(name);
}

// Without an answer of the person a period is this month, up to today; one that needs no beginning has
// none.
function valuesOf(parameters: ReportParameter[], address: URLSearchParams, today: string) {
  const usual: Record<string, string> = { from: `${today.slice(0, 7)}-01`, to: today, on: today };
  const values = parameters.map(({ name, optional, default: given }) => {
    const own = optional && name === 'from' ? '' : usual[name];
    const preset = given === 'today' ? today : typeof given === 'string' ? given : own;
    return [name, address.get(name) ?? preset ?? ''] as const;
  });
  return Object.fromEntries(values.filter(([, value]) => value));
}

function save(name: string, report: Report): void {
  const names = report.columns.map(({ name }) => name);
  downloadCsv(
    name,
    names,
    report.rows.map((row) => names.map((one) => row[one])),
  );
}
