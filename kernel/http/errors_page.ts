import { type Sentence, sentences } from '../problem.ts';

/** The register of problems as Markdown: each code with its status and what it says. */
export function errorsMarkdown(): string {
  const rows = [...sentences()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { status, sentence }]) => `| \`${code}\` | ${status} | ${cell(sentence)} |`);
  return `# Problems

Every refusal is a problem by RFC 9457 (\`application/problem+json\`). \`code\` is for programs and
stays; \`detail\` is for people. \`errors\` names each field that is wrong. \`request_id\` is the same in
the log and in the trail. A word in braces is filled in from \`params\`.

| code | status | what it says |
|---|---|---|
${rows.join('\n')}
`;
}

const cell = (text: string) => text.replaceAll('|', '\\|');

/** The same as a page; each code is an anchor, which the \`type\` of a problem leads to. */
export function errorsPage(): string {
  const rows = [...sentences()].sort(([a], [b]) => (a < b ? -1 : 1)).map(rowOf);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Problems · Kontor</title>
<meta name="viewport" content="width=device-width"><style>
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
color-scheme:light dark}dt{font-family:ui-monospace,monospace;font-weight:600;margin-top:1.2rem}
dd{margin:0}:target{background:Mark;color:MarkText}small{opacity:.75;font-weight:400}</style>
<h1>Problems</h1><p>What Kontor refuses, by code. Filled in for each case is what stands in braces.</p>
<dl>${rows.join('\n')}</dl></html>`;
}

const rowOf = ([code, { status, sentence }]: [string, Sentence]) =>
  `<dt id="${code}">${code} <small>${status}</small></dt><dd>${escaped(sentence)}</dd>`;

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
