/** What a zip file says that it unpacks to. */
export interface Unpacked {
  bytes: number;
  names: string[];
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const MOST_COMMENT = 65_557;

/**
 * Reads the directory of a zip file without unpacking anything; undefined where it has none, or one
 * that its kind of file never has. A part that unpacks to more than it says is refused on the way.
 */
export function unpacked(file: Uint8Array): Unpacked | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let end = file.length - 22;
  const least = Math.max(0, file.length - MOST_COMMENT);
  while (end >= least && view.getUint32(end, true) !== END) end -= 1;
  if (end < least) return undefined;
  const count = view.getUint16(end + 10, true);
  const found: Unpacked = { bytes: 0, names: [] };
  let at = view.getUint32(end + 16, true);
  for (let entry = 0; entry < count; entry++) {
    if (at + 46 > end || view.getUint32(at, true) !== ENTRY) return undefined;
    const [packed, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    // Nothing that holds something unpacks to nothing.
    if (size === 0 && packed > 2) return undefined;
    found.bytes += size;
    const length = view.getUint16(at + 28, true);
    found.names.push(new TextDecoder().decode(file.subarray(at + 46, at + 46 + length)));
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return found;
}
