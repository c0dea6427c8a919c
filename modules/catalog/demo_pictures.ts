import sharp from 'sharp';

const dark = '#25292d';
const steel = '#aab2b7';
const pale = '#dfe4e6';

/** A simple picture of a thing of the demo shop, as WebP; none of what isn't a thing. */
export async function pictureOf(name: string): Promise<Buffer | undefined> {
  const drawing = drawings[name];
  if (!drawing) return undefined;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 40 320 240" width="320" height="240">
    <rect y="40" width="320" height="240" fill="#fff"/>
    <g stroke-linecap="round" stroke-linejoin="round">${drawing}</g></svg>`;
  return sharp(Buffer.from(svg)).webp({ quality: 80 }).toBuffer();
}

const line = (d: string, stroke: string, width: number, more = '') =>
  `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" ${more}/>`;
const shape = (d: string, fill: string, more = '') => `<path d="${d}" fill="${fill}" ${more}/>`;
const ring = (x: number, y: number, r: number, stroke: string, width: number, more = '') =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="none" stroke="${stroke}" stroke-width="${width}" ${more}/>`;
const disc = (x: number, y: number, r: number, fill: string) =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`;
const box = (
  [x, y, width, height]: [number, number, number, number],
  fill: string,
  round = 8,
  more = '',
) =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}" fill="${fill}" ${more}/>`;
const shadow = (y: number, width = 110) =>
  `<ellipse cx="160" cy="${y}" rx="${width}" ry="7" fill="#000" opacity=".08"/>`;

type Bike = {
  frame: string;
  tyre?: number;
  wheel?: number;
  low?: boolean;
  bar?: 'city' | 'flat' | 'drop';
  battery?: boolean;
  cargo?: boolean;
  guards?: boolean;
  pedals?: boolean;
};

/** A bicycle from its right side, as its parts are. */
function bike(of: Bike): string {
  const { frame, tyre = 7, wheel = 54, low, bar = 'flat', battery, cargo, guards } = of;
  const [rear, front] = cargo ? [70, 262] : [84, 236];
  const y = 214;
  const radius = (x: number) => (cargo && x === front ? 38 : wheel);
  const hub = (x: number) => y + wheel - radius(x);
  const wheelAt = (x: number) => {
    const r = radius(x);
    const spokes = Array.from({ length: 9 }, (_, at) => {
      const [dx, dy] = [Math.cos((at * Math.PI) / 9) * r, Math.sin((at * Math.PI) / 9) * r];
      return line(`M${x - dx} ${hub(x) - dy} ${x + dx} ${hub(x) + dy}`, '#c4cacd', 1);
    });
    return [
      ...spokes,
      ring(x, hub(x), r - tyre / 2 - 2, steel, 2.5),
      ring(x, hub(x), r, dark, tyre),
      disc(x, hub(x), 5, dark),
      guards
        ? line(
            `M${x - r - 9} ${hub(x)} A${r + 9} ${r + 9} 0 0 1 ${x + 22} ${hub(x) - r - 5}`,
            frame,
            5,
          )
        : '',
    ].join('');
  };
  const crank = cargo ? 132 : 146;
  const seat = crank - 18;
  const top = 214 - Math.max(wheel, 44) - 26;
  const head = cargo ? 186 : 206;
  const tubes = [
    line(`M${rear} ${y} ${crank} ${y + 4} ${seat} ${top + 8}`, frame, 7),
    line(`M${rear} ${y} ${seat + 3} ${top + 22}`, frame, 5),
    line(`M${crank} ${y + 4} ${head + 4} ${top + 22}`, frame, battery ? 9 : 8),
    low
      ? line(`M${crank - 6} ${y - 34} Q${crank + 26} ${y - 40} ${head + 2} ${top + 10}`, frame, 7)
      : line(`M${seat + 2} ${top + 16} ${head} ${top + 6}`, frame, 7),
    line(`M${head - 3} ${top - 10} ${head + 6} ${top + 28}`, frame, 9),
    cargo
      ? line(`M${head + 4} ${top + 24} 196 ${y + 8} 250 ${y + 12} ${front} ${hub(front)}`, frame, 7)
      : line(`M${head + 6} ${top + 28} Q${head + 14} ${y - 24} ${front} ${y}`, frame, 6),
    battery
      ? line(`M${crank + 14} ${y - 14} ${head - 8} ${top + 38}`, dark, 15, 'opacity=".9"')
      : '',
    cargo
      ? shape('M190 148 H262 L252 200 H204 Z', '#8c6a46') + line('M190 148 H262', '#6f5336', 5)
      : '',
  ];
  const bars = {
    city: line(
      `M${head - 3} ${top - 10} ${head - 6} ${top - 32} Q${head - 14} ${top - 40} ${head - 34} ${top - 26}`,
      dark,
      6,
    ),
    flat: line(
      `M${head - 3} ${top - 10} ${head - 5} ${top - 22} M${head - 16} ${top - 24} ${head + 12} ${top - 20}`,
      dark,
      6,
    ),
    drop: line(
      `M${head - 3} ${top - 10} ${head + 16} ${top - 14} Q${head + 32} ${top - 6} ${head + 22} ${top + 8} L${head + 10} ${top + 10}`,
      dark,
      6,
    ),
  };
  const drive = [
    line(`M${crank} ${y - 8} ${rear} ${y - 4} M${crank} ${y + 16} ${rear} ${y + 5}`, '#4c5358', 2),
    ring(crank, y + 4, 12, dark, 4),
    line(`M${crank} ${y + 4} ${crank + 16} ${y + 24}`, dark, 5),
    line(`M${crank + 8} ${y + 26} ${crank + 25} ${y + 26}`, dark, 5),
  ];
  const parts = [
    shadow(y + wheel + 6, 124),
    wheelAt(rear),
    wheelAt(front),
    ...tubes,
    of.pedals === false ? '' : drive.join(''),
    line(`M${seat} ${top + 8} ${seat - 4} ${top - 10}`, steel, 5),
    shape(
      `M${seat - 26} ${top - 14} Q${seat - 20} ${top - 20} ${seat - 4} ${top - 17} L${seat + 20} ${top - 15} Q${seat + 22} ${top - 9} ${seat + 6} ${top - 9} L${seat - 20} ${top - 7} Z`,
      dark,
    ),
    bars[bar],
  ];
  return `<g transform="translate(0 -24)">${parts.join('')}</g>`;
}

const city = (frame: string, more: Partial<Bike> = {}) =>
  bike({ frame, bar: 'city', guards: true, ...more });
const trail = (frame: string, more: Partial<Bike> = {}) => bike({ frame, tyre: 12, ...more });
const road = (frame: string, more: Partial<Bike> = {}) =>
  bike({ frame, tyre: 4.5, bar: 'drop', ...more });
const small = (frame: string, wheel: number, more: Partial<Bike> = {}) =>
  `<g transform="translate(22 30) scale(.88)">${bike({ frame, wheel, tyre: 9, ...more })}</g>`;

const tyre = (width: number, tread: string) =>
  ring(160, 160, 96, dark, width) +
  ring(
    160,
    160,
    96 + width / 2 - 3,
    '#0d0f10',
    6,
    `stroke-dasharray="${tread}" stroke-linecap="butt"`,
  ) +
  ring(160, 160, 96 - width / 2 - 1, '#8d5a33', 4);
const tube = (r: number) =>
  ring(160, 160, r, '#34393d', 17) +
  ring(160, 160, r - 3, '#555c61', 3) +
  line(`M160 ${160 + r - 9} V${160 + r - 36}`, '#c9a227', 6);
const helmet = (colour: string, visor = '') =>
  shadow(238, 92) +
  line('M96 196 Q112 244 148 250 M214 196 Q196 240 148 250', dark, 6) +
  shape('M64 196 Q60 92 164 90 Q254 94 258 188 Q258 204 238 204 H84 Q66 206 64 196 Z', colour) +
  line('M108 172 Q116 122 150 112 M148 176 Q154 128 176 112 M190 176 Q196 140 204 122', dark, 13) +
  visor;
const chain = (colour: string) =>
  Array.from({ length: 15 }, (_, at) => {
    const turn = at * 24;
    return `<g transform="rotate(${turn} 160 160)">${box([140, 62, 40, 15], at % 2 ? colour : steel, 8)}${disc(148, 69.5, 4, dark)}${disc(172, 69.5, 4, dark)}</g>`;
  }).join('');
const lamp = (x: number, y: number, lens: string) =>
  box([x, y, 78, 54], dark, 14) +
  disc(x + 70, y + 27, 27, '#3b4146') +
  disc(x + 70, y + 27, 20, lens);
const rearLight = (x: number, y: number) =>
  box([x, y, 70, 92], '#8f1f1b', 16) +
  box([x + 8, y + 8, 54, 76], '#e0413a', 12) +
  [0, 1, 2].map((at) => disc(x + 35, y + 24 + at * 22, 8, '#ff8a80')).join('');
const glove = (x: number) =>
  shape(
    `M${x} 226 V150 Q${x} 136 ${x + 12} 136 V104 Q${x + 22} 94 ${x + 30} 104 V92 Q${x + 40} 84 ${x + 48} 94 V104 Q${x + 58} 98 ${x + 64} 110 V150 Q${x + 88} 138 ${x + 92} 156 L${x + 70} 190 V226 Z`,
    '#2f4b57',
  ) + box([x - 2, 208, 74, 24], '#e08b2d', 6);
const grip = (y: number, colour: string) =>
  box([58, y, 204, 42], colour, 12) +
  Array.from({ length: 9 }, (_, at) =>
    line(`M${86 + at * 18} ${y + 6} V${y + 36}`, '#00000055', 5),
  ).join('') +
  box([46, y - 5, 22, 52], '#4c5358', 6);
const pedal = (x: number, y: number) =>
  box([x, y, 104, 62], '#33393d', 10) +
  box([x + 20, y + 18, 64, 26], '#e9edec', 6) +
  [12, 52, 92]
    .map((at) => disc(x + at, y + 7, 4, steel) + disc(x + at, y + 55, 4, steel))
    .join('') +
  line(`M${x + 104} ${y + 31} H${x + 132}`, steel, 10);
const pad = (x: number) =>
  box([x, 108, 74, 96], '#4c5358', 12) +
  box([x + 9, 132, 56, 62], '#c77b3a', 8) +
  disc(x + 37, 120, 6, pale);

const drawings: Record<string, string> = {
  'Harbor 3': city('#2f6f8f'),
  'Harbor 7': city('#1f4f46'),
  'Lantern Step-through': city('#c2513f', { low: true }),
  'Tram 8': city('#d6a531'),
  'Arcade Belt': city('#4a4f57', { bar: 'flat' }),
  'Ridge 29': trail('#d65f2e', { wheel: 58 }),
  'Ridge 29 Pro': trail('#22262a', { wheel: 58 }),
  'Scree 27.5': trail('#5b7d3a'),
  'Talus Full': trail('#7a3f91', { wheel: 58, tyre: 14 }),
  'Moss Hardtail': trail('#3f7f58'),
  'Meridian 105': road('#b3262e'),
  'Meridian Carbon': road('#23282c'),
  Gravelux: road('#8a7a52', { tyre: 8 }),
  'Tempo Alloy': road('#3465a4'),
  'Current City': city('#2f7f7a', { battery: true }),
  'Current Cargo': bike({ frame: '#2e5e8c', cargo: true, battery: true, bar: 'city', wheel: 50 }),
  'Volt Trail': trail('#c0392b', { battery: true, wheel: 58 }),
  'Spark Fold': small('#d9822b', 38, { low: true, battery: true }),
  'Pip Balance 12': small('#e26d8a', 38, { pedals: false }),
  'Pip 16': small('#4c9fd6', 42),
  'Sprout 20': small('#6aa84f', 47),
  'Sprout 24': small('#8e63b5', 52),
  'City tyre 28×1.6': tyre(22, '3 6'),
  'Gravel tyre 700×40': tyre(28, '5 7'),
  'Trail tyre 29×2.3': tyre(38, '11 10'),
  'Inner tube 28': tube(88),
  'Inner tube 29': tube(96),
  'Puncture kit':
    shadow(236, 96) +
    box([70, 104, 180, 126], '#1f6f5c', 18) +
    box([86, 120, 148, 94], '#f2efe4', 10) +
    disc(124, 166, 22, '#e07b39') +
    disc(172, 156, 14, '#e07b39') +
    box([190, 176, 30, 22], '#c8ccd0', 5),
  'Front light 60 lux':
    shape('M176 148 L300 92 V232 L176 176 Z', '#ffe9a8', 'opacity=".75"') +
    lamp(88, 135, '#ffd34d'),
  'Rear light': rearLight(125, 108),
  'Light set USB':
    lamp(60, 96, '#fff1b8') +
    `<g transform="translate(60 60) scale(.9)">${rearLight(150, 110)}</g>`,
  'U-lock':
    line('M104 190 V122 A56 56 0 0 1 216 122 V190', '#30363b', 24) +
    box([78, 184, 164, 50], '#d9a520', 14) +
    disc(160, 209, 9, dark),
  'Folding lock':
    line('M84 216 L112 112 L148 206 L182 112 L214 206 L240 120', '#30363b', 20) +
    [
      [84, 216],
      [112, 112],
      [148, 206],
      [182, 112],
      [214, 206],
      [240, 120],
    ]
      .map(([x, y]) => disc(x!, y!, 7, '#d65f2e'))
      .join(''),
  'Cable lock':
    line(
      'M186 214 C60 250 40 96 150 84 C270 74 270 204 172 196 C96 190 100 124 156 122 C206 122 206 160 176 172',
      '#39598c',
      13,
    ) + box([172, 190, 66, 40], dark, 12),
  'Commuter helmet': helmet('#e4e7e6'),
  'Trail helmet': helmet(
    '#d65f2e',
    shape('M236 150 L296 168 Q298 180 286 180 L250 176 Z', '#a6441c'),
  ),
  'Kids’ helmet': helmet('#58a6d8', disc(92, 150, 9, '#ffd34d')),
  Gloves: `${glove(54)}<g transform="translate(320 0) scale(-1 1)">${glove(54)}</g>`,
  'Rain jacket':
    shape(
      'M118 84 Q160 108 202 84 L262 116 L246 214 L220 206 L222 244 H98 L100 206 L74 214 L58 116 Z',
      '#e2b93b',
    ) +
    line('M160 100 V244', '#a8841c', 4) +
    line('M100 206 L104 132 M220 206 L216 132', '#a8841c', 4),
  'Bib shorts':
    line('M126 136 L136 76 M194 136 L184 76', '#4c5358', 10) +
    shape('M112 132 H208 L226 246 H174 L160 184 L146 246 H94 Z', dark) +
    line('M98 232 H148 M172 232 H222', '#c2513f', 8),
  'Chain 9-speed': chain('#7d868c'),
  'Chain 12-speed': chain('#c9a227'),
  'Brake pads': pad(76) + pad(170),
  'Pedals flat': pedal(60, 86) + pedal(112, 178),
  'Saddle comfort':
    line('M112 196 Q160 224 214 190 M124 176 V204 M204 168 V198', steel, 8) +
    shape(
      'M56 144 Q60 104 106 116 Q160 132 246 128 Q270 130 268 146 Q256 162 206 164 Q160 172 120 194 Q62 200 56 144 Z',
      '#5b3a29',
    ) +
    line('M84 140 Q150 148 240 142', '#7d543d', 5),
  Grips: grip(96, '#25292d') + grip(184, '#25292d'),
  Bell:
    shadow(232, 76) +
    shape('M86 190 Q86 96 160 96 Q234 96 234 190 Z', '#d9a520') +
    shape('M104 176 Q108 120 152 112 Q124 130 122 178 Z', '#f0cf6b') +
    box([74, 188, 172, 18], '#b58414', 9) +
    disc(160, 92, 10, '#b58414') +
    line('M226 202 L262 222', dark, 9),
  Kickstand:
    line('M116 92 L196 232 L226 230', '#33393d', 16) +
    disc(116, 92, 22, steel) +
    disc(116, 92, 9, dark),
  'Mudguard set':
    line('M58 206 A104 104 0 0 1 226 104', '#33393d', 17) +
    line('M108 236 A96 96 0 0 1 262 160', '#33393d', 17) +
    line('M132 130 L166 206 M206 158 L212 232', steel, 4),
  'Bottle cage':
    box([120, 68, 80, 172], '#7fb8d6', 22) +
    box([132, 44, 56, 32], '#33393d', 10) +
    line(
      'M108 132 V228 Q108 252 132 252 H188 Q212 252 212 228 V132 M108 158 H212 M108 206 H212',
      '#25292d',
      9,
    ),
};
