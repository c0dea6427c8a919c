import type { Database } from '../../kernel/database/connect.ts';
export async function makeDemo(_db: Database, _given: { user_id: string; onProgress: (s: string, d: number, t: number) => void }) {}
