import { createElement, type ReactElement, type ReactNode } from 'react';
import { percentIn, shortIn } from '../base/writing.ts';

// Charts as functions of their figures, for browser and server alike: the server reads no .tsx, so the
// elements are made by hand. Colours stand as attributes, which the page's style sheet wins over; a
// picture that is saved, mailed or printed is read without one.

export type Mark = {
  label: string;
  value: number;
  /** The value as it is written for people. */
  text: string;
};

export type Drawing = {
  title: string;
  marks: Mark[];
  width: number;
  height?: number;
  rtl?: boolean;
  tag?: string;
  /** With its title and a ground of its own, to be read alone. */
  alone?: boolean;
  /** The label of the mark that is looked at now. */
  now?: string;
  onPick?: ((mark: Mark) => void) | undefined;
};

const h = createElement;
const font =
  'Inter Variable, Inter, Noto Sans Arabic Variable, Noto Sans Arabic, Noto Sans Devanagari Variable, Noto Sans Devanagari, system-ui, sans-serif';
const ink = { text: '#15201e', dim: '#586461', line: '#e3e7e5', bar: '#2f9c90', accent: '#0d6e66' };
const HEAD = 40;

/** Shares of a whole, the largest first, each with its name and amount on the mark. */
export function bars(drawing: Drawing): ReactElement {
  const { marks, width, rtl = false } = drawing;
  const step = 34;
  const top = Math.max(...marks.map(({ value }) => value), 0) || 1;
  const at = (x: number, wide = 0) => (rtl ? width - x - wide : x);
  return framed(
    drawing,
    marks.length * step,
    marks.map((mark, row) => {
      const y = row * step;
      const room = width - mark.text.length * 7.5 - 16;
      const long = Math.max(2, (Math.max(0, mark.value) / top) * width);
      return marked(drawing, mark, row, [
        ground({ key: 'hit', x: 0, y, width, height: step - 4, fill: 'transparent' }),
        words(at(0), y + 14, cut(mark.label, room), { fill: ink.text, key: 'label' }),
        words(at(width), y + 14, mark.text, { fill: ink.text, anchor: 'end', key: 'text' }),
        h('rect', {
          key: 'g',
          className: 'k-bar-ground',
          x: 0,
          y: y + 21,
          width,
          height: 6,
          rx: 3,
          fill: ink.line,
        }),
        h('rect', {
          key: 'b',
          className: 'k-bar-mark',
          x: at(0, long),
          y: y + 21,
          width: long,
          height: 6,
          rx: 3,
          fill: ink.bar,
        }),
      ]);
    }),
  );
}

/** Amounts along time, one column a day or month, those below zero downwards. */
export function columns(drawing: Drawing): ReactElement {
  const { marks, now } = drawing;
  const plot = plotOf(drawing);
  const bar = Math.min(Math.max(plot.step * 0.62, 2), 36);
  const most = Math.max(...marks.map(({ value }) => value));
  // Every column says its amount where none touches its neighbour's.
  const all = plot.step >= Math.max(...marks.map(({ value }) => plot.short(value).length)) * 7 + 4;
  return framed(drawing, plot.height, [
    ...plot.scale,
    ...marks.map((mark, row) => {
      const [from, to] = [plot.y(Math.max(0, mark.value)), plot.y(Math.min(0, mark.value))];
      const said = mark.value !== 0 && (all || mark.value === most);
      return marked(
        drawing,
        mark,
        row,
        [
          ground({
            key: 'hit',
            x: plot.x(row) - plot.step / 2,
            y: 0,
            width: plot.step,
            height: plot.floor,
            fill: 'transparent',
          }),
          h('rect', {
            key: 'b',
            className: 'k-column-mark',
            x: plot.x(row) - bar / 2,
            y: from,
            width: bar,
            height: Math.max(to - from, mark.value === 0 ? 0 : 1),
            rx: Math.min(2, bar / 3),
            fill: mark.label === now ? ink.accent : ink.bar,
          }),
          said
            ? words(plot.near(row), from - 5, plot.short(mark.value), {
                anchor: 'middle',
                size: 11,
                key: 't',
              })
            : null,
        ],
        mark.label === now ? 'k-column-now' : undefined,
      );
    }),
    ...plot.names,
  ]);
}

/** An amount along time as a line; its highest and its last point say what they are. */
export function line(drawing: Drawing): ReactElement {
  const { marks } = drawing;
  const plot = plotOf(drawing);
  const points = marks.map(({ value }, row) => `${round(plot.x(row))},${round(plot.y(value))}`);
  const values = marks.map(({ value }) => value);
  const high = values.indexOf(Math.max(...values));
  const last = marks.length - 1;
  const far = Math.abs(plot.x(high) - plot.x(last)) > 56;
  return framed(drawing, plot.height, [
    ...plot.scale,
    h('polygon', {
      key: 'area',
      className: 'k-line-area',
      fill: ink.bar,
      fillOpacity: 0.12,
      points: `${round(plot.x(0))},${round(plot.y(0))} ${points.join(' ')} ${round(plot.x(last))},${round(plot.y(0))}`,
    }),
    h('polyline', {
      key: 'line',
      className: 'k-line-mark',
      points: points.join(' '),
      fill: 'none',
      stroke: ink.bar,
      strokeWidth: 2,
      strokeLinejoin: 'round',
    }),
    ...marks.map((mark, row) => {
      const said = row === high || (row === last && far);
      return marked(drawing, mark, row, [
        ground({
          key: 'hit',
          x: plot.x(row) - plot.step / 2,
          y: 0,
          width: plot.step,
          height: plot.floor,
          fill: 'transparent',
        }),
        h('circle', {
          key: 'c',
          className: said ? 'k-line-point' : 'k-line-hidden',
          cx: plot.x(row),
          cy: plot.y(mark.value),
          r: 3.5,
          fill: ink.accent,
          fillOpacity: said ? 1 : 0,
        }),
        said
          ? words(plot.near(row), plot.y(mark.value) - 9, plot.short(mark.value), {
              anchor: 'middle',
              size: 11,
              key: 't',
            })
          : null,
      ]);
    }),
    ...plot.names,
  ]);
}

/**
 * How much of a goal is reached. The marks: what is reached, where there is one what should be by now,
 * and the goal last.
 */
export function gauge(drawing: Drawing): ReactElement {
  const { marks, width, rtl = false, tag = 'en' } = drawing;
  const [reached, goal] = [marks[0], marks[marks.length - 1]];
  const due = marks.length > 2 ? marks[1] : undefined;
  const radius = Math.min(width / 2 - 12, 120);
  const [cx, cy] = [width / 2, radius + 22];
  const whole = goal?.value || 1;
  const share = (mark?: Mark) => Math.min(Math.max((mark?.value ?? 0) / whole, 0), 1);
  const point = (part: number, r = radius): [number, number] => {
    const angle = Math.PI * (1 - part);
    const x = Math.cos(angle) * r;
    return [round(cx + (rtl ? -x : x)), round(cy - Math.sin(angle) * r)];
  };
  const arc = (part: number) =>
    `M ${point(0).join(' ')} A ${radius} ${radius} 0 0 ${rtl ? 0 : 1} ${point(part).join(' ')}`;
  const tick = due ? [point(share(due), radius - 11), point(share(due), radius + 11)] : undefined;
  const center = (y: number, text: string, size: number, more: object = {}) =>
    words(cx, y, text, { anchor: 'middle', size, key: `${y}`, ...more });
  const said = [reached, due, goal].filter((mark) => mark !== undefined);
  return framed(drawing, cy + 22 + said.length * 20, [
    h('path', {
      key: 'whole',
      className: 'k-gauge-ground',
      d: arc(1),
      fill: 'none',
      stroke: ink.line,
      strokeWidth: 14,
    }),
    share(reached) > 0
      ? h('path', {
          key: 'reached',
          className: 'k-gauge-mark',
          d: arc(share(reached)),
          fill: 'none',
          stroke: ink.bar,
          strokeWidth: 14,
        })
      : null,
    tick
      ? h('line', {
          key: 'due',
          className: 'k-gauge-due',
          x1: tick[0]![0],
          y1: tick[0]![1],
          x2: tick[1]![0],
          y2: tick[1]![1],
          stroke: ink.text,
          strokeWidth: 2,
        })
      : null,
    center(cy - 12, percentIn(tag, (reached?.value ?? 0) / whole), 30, {
      fill: ink.text,
      weight: 600,
    }),
    ...said.map((mark, row) =>
      marked(drawing, mark, row, [
        words(rtl ? cx + radius : cx - radius, cy + 30 + row * 20, mark.label, {
          size: 13,
          key: 'l',
        }),
        words(rtl ? cx - radius : cx + radius, cy + 30 + row * 20, mark.text, {
          size: 13,
          anchor: 'end',
          fill: ink.text,
          weight: row === 0 ? 600 : 400,
          key: 'v',
        }),
      ]),
    ),
  ]);
}

type Draw = (drawing: Drawing) => ReactElement;
const kinds: Record<string, Draw> = { bar: bars, column: columns, line, gauge };

/** The chart of that kind, as a report's head names it. */
export const chartOf = (kind: string): Draw | undefined => kinds[kind];

/** What a chart says to who doesn't see it. */
export const spoken = ({ title, marks }: Pick<Drawing, 'title' | 'marks'>): string =>
  `${title}: ${marks.map(({ label, text }) => `${label} ${text}`).join(', ')}`;

function framed(drawing: Drawing, tall: number, children: ReactNode[]): ReactElement {
  const { title, width, rtl = false, alone = false } = drawing;
  const pad = alone ? 16 : 0;
  const [wide, high] = [width + 2 * pad, tall + 2 * pad + (alone ? HEAD - pad : 0)];
  return h(
    'svg',
    {
      ...{ xmlns: 'http://www.w3.org/2000/svg', className: 'k-chart', role: 'img' },
      ...{
        'aria-label': spoken(drawing),
        width: wide,
        height: high,
        viewBox: `0 0 ${wide} ${high}`,
      },
      ...{ direction: rtl ? 'rtl' : 'ltr', fontFamily: font, fontSize: 13 },
    },
    alone ? h('rect', { width: wide, height: high, fill: '#ffffff' }) : null,
    alone
      ? words(rtl ? wide - pad : pad, 26, title, { size: 15, fill: ink.text, weight: 600 })
      : null,
    alone ? h('g', { transform: `translate(${pad} ${HEAD})` }, children) : children,
  );
}

function marked(drawing: Drawing, mark: Mark, row: number, children: ReactNode[], name = '') {
  const { onPick } = drawing;
  return h(
    'g',
    {
      key: `${row} ${mark.label}`,
      className: `k-mark ${name} ${onPick ? 'k-mark-link' : ''}`.trim(),
      ...(onPick ? { onClick: () => onPick(mark) } : {}),
    },
    h('title', { key: 'title' }, `${mark.label}: ${mark.text}`),
    ...children,
  );
}

const ground = (props: object) => h('rect', props);

type Words = { anchor?: string; size?: number; fill?: string; weight?: number; key?: string };
const words = (x: number, y: number, text: string, how: Words = {}) => {
  const { anchor = 'start', size = 13, fill = ink.dim, weight = 400, key } = how;
  const strong = fill === ink.text ? 'k-chart-strong' : undefined;
  const props = { x: round(x), y: round(y), textAnchor: anchor, fontSize: size, fill };
  return h('text', { key, className: strong, ...props, fontWeight: weight }, text);
};

/** The ground of what runs along time: where a value stands, the lines and words of the scale. */
function plotOf({ marks, width, height = 180, rtl = false, tag = 'en' }: Drawing) {
  const values = marks.map(({ value }) => value);
  const hi = roundUp(Math.max(...values, 1));
  const least = Math.min(...values, 0);
  const lo = least < 0 ? -roundUp(-least) : 0;
  const [start, roof, floor] = [50, 20, height - 22];
  const step = Math.max(width - start, 10) / Math.max(marks.length, 1);
  const y = (value: number) => floor - ((value - lo) / (hi - lo)) * (floor - roof);
  const side = (x: number) => (rtl ? width - x : x);
  const x = (row: number) => side(start + step * row + step / 2);
  const short = (value: number) => shortIn(tag, value);
  const every = Math.ceil(marks.length / Math.max(1, Math.floor((width - start) / 60)));
  const near = (row: number) => Math.min(Math.max(x(row), 24), width - 24);
  const lines = [...new Set([lo, 0, hi / 2, hi])];
  const scale = lines.map((value) =>
    h('g', { key: `scale ${value}` }, [
      h('line', {
        key: 'l',
        x1: side(start),
        x2: side(width),
        y1: y(value),
        y2: y(value),
        stroke: ink.line,
      }),
      words(side(start - 8), y(value) + 4, short(value), { anchor: 'end', size: 11, key: 't' }),
    ]),
  );
  const names = marks.map(({ label }, row) =>
    row % every === 0
      ? words(near(row), height - 5, label, { anchor: 'middle', size: 11, key: `n ${row}` })
      : null,
  );
  return { height, floor, step, x, y, near, short, scale, names };
}

const round = (value: number) => Math.round(value * 100) / 100;

const cut = (text: string, room: number) => {
  const most = Math.max(4, Math.floor(room / 7));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
};

function roundUp(value: number): number {
  const size = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10].find((one) => one * size >= value) ?? 10;
  return step * size;
}
