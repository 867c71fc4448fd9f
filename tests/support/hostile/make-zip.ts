import { deflateRawSync } from "node:zlib";

export interface ZipEntry {
  readonly name: string | Buffer;
  readonly body?: string | Buffer;
  /** Bit 0 of the flags. The body is left as it is. */
  readonly isEncrypted?: boolean;
  /** What the archive states instead of the real size. */
  readonly statedSize?: number;
  /** The stored bytes instead of the deflated body. */
  readonly packed?: Buffer;
}

/** A .zip archive without checksums, also one that states what is not true. */
export function makeZip(entries: readonly ZipEntry[], statedEntries = entries.length): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, body = "", isEncrypted = false, statedSize, packed } of entries) {
    const [nameBytes, raw] = [Buffer.from(name as string), Buffer.from(body as string)];
    const data = packed ?? deflateRawSync(raw);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0); // version
    fields.writeUInt16LE((isEncrypted ? 1 : 0) | 0x800, 2); // flags: UTF-8
    fields.writeUInt16LE(8, 4); // deflate
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(statedSize ?? raw.length, 18);
    fields.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, nameBytes, data]);
    const more = Buffer.alloc(14);
    more.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.concat([Buffer.from("PK\x01\x02"), Buffer.from([20, 0]), fields, more, nameBytes]),
    );
    parts.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(statedEntries, 4);
  end.writeUInt16LE(statedEntries, 6);
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, ...directory, Buffer.from("PK\x05\x06"), end]);
}
