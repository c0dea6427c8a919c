import { useDirection } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { t, tag } from '../base/i18n.ts';
import { bars, chartOf, columns, type Drawing, gauge, line, type Mark } from './chart.ts';

type Props = {
  points: Mark[];
  label: string;
  height?: number;
  /** The label of the mark that is looked at now. */
  mark?: string;
  onPick?: (mark: Mark) => void;
};

/** Shares of a whole, the largest first, at most so many. */
export function Bars({ most = 8, points, ...rest }: Props & { most?: number }) {
  const sorted = [...points].sort((a, b) => b.value - a.value).slice(0, most);
  return <Sized draw={bars} points={sorted} {...rest} />;
}

/** Amounts along time: one column a day or month. */
export const Columns = (props: Props) => <Sized draw={columns} {...props} />;

/** An amount along time as a line. */
export const Line = (props: Props) => <Sized draw={line} {...props} />;

/** How much of a goal is reached: what is, what should be by now, the goal. */
export const Gauge = (props: Props) => <Sized draw={gauge} {...props} />;

/** The chart that a report's head asks for, where its rows make one. */
export function ReportChart({ kind, ...props }: Props & { kind: string }) {
  const draw = chartOf(kind);
  return draw && props.points.length > 1 ? <Sized draw={draw} {...props} /> : null;
}

function Sized({ draw, points, label, height, mark, onPick }: Props & { draw: typeof bars }) {
  const { ref, width } = useElementSize();
  const { dir } = useDirection();
  if (points.length === 0)
    return <p className="k-dim k-no-figures">{t('No sales in this time.')}</p>;
  const drawing: Drawing = {
    ...{ title: label, marks: points, width: Math.max(width, 120), tag: tag() },
    ...{ rtl: dir === 'rtl', onPick },
    ...(height ? { height } : {}),
    ...(mark ? { now: mark } : {}),
  };
  return (
    <div ref={ref} className="k-chart-room">
      {width > 0 ? draw(drawing) : null}
    </div>
  );
}
