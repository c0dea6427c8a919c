// The shapes that the client is checked with here; in the package, those made from the API stand in
// their place.

export interface Inputs {
  [operation: string]: object;
}
export interface Answers {
  [operation: string]: Record<string, unknown>;
}
export interface Rows {
  [table: string]: Record<string, unknown>;
}
export interface Reports {
  [report: string]: Record<string, string>;
}
