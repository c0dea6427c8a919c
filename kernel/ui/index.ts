// What the pages of modules are made of, as `#kernel/ui`; docs/surface.md says what holds of it.
export { A, useAddress, useGo, useParam, usePath } from './address.tsx';
export { ApiProblem, api, request } from './api.ts';
export { Bars, Columns, Gauge, Line } from './charts.tsx';
export { useNotice } from './connection.tsx';
export { isSheet, sheetCells } from './csv.ts';
export { day, decimal, moment, money, percent } from './format.ts';
export { t } from './i18n.ts';
export { Icon } from './icon.tsx';
export { may, useCatalogue, useSignedIn } from './session.tsx';
export { Failed, Note, Refusal, Waiting } from './states.tsx';
export type { Filter, Me, Row } from './types.ts';
