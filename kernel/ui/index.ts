// What the pages of modules are made of, as `#kernel/ui`; docs/surface.md says what holds of it.
export { minus, plus } from '../database/money.ts';
export { A, useAddress, useGo, useParam, usePath } from './base/address.tsx';
export { ApiProblem, api, request } from './base/api.ts';
export { day, decimal, moment, money, percent } from './base/format.ts';
export { t } from './base/i18n.ts';
export { Icon } from './base/icon.tsx';
export { may, useCatalogue, useSignedIn } from './base/session.tsx';
export { Failed, Note, Refusal, Waiting } from './base/states.tsx';
export type { Filter, Me, Row } from './base/types.ts';
export { Bars, Columns, Gauge, Line } from './chart/charts.tsx';
export { isSheet, sheetCells } from './field/csv.ts';
export { useNotice } from './shell/connection.tsx';
