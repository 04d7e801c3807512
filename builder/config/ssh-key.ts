/** Reads an OpenSSH public key line (RFC 4253 section 6.6, RFC 5656, RFC 8709, PROTOCOL.u2f). */

export interface SshKey {
  readonly type: string;
  /** Length of the modulus, for an RSA key. */
  readonly rsaBits?: number;
}

/** How many bytes an uncompressed point of each NIST curve has. */
const pointLength: Readonly<Record<string, number>> = { nistp256: 65, nistp384: 97, nistp521: 133 };

/** The key on a line `TYPE BASE64 [COMMENT]`; nothing when the base64 part is not a whole key of that type. */
export function parseSshKey(line: string): SshKey | undefined {
  const [type = '', base64 = ''] = line.split(' ');
  const fields = fieldsOf(Buffer.from(base64, 'base64'));
  const [inner, first, second] = fields ?? [];
  if (fields === undefined || inner?.toString('latin1') !== type || first === undefined) return undefined;

  if (type === 'ssh-rsa') {
    if (fields.length !== 3 || second === undefined) return undefined;
    return { type, rsaBits: bitLength(second) };
  }
  const hardware = type.startsWith('sk-');
  const curve = /nistp\d+/.exec(type)?.[0];
  const expected = (curve === undefined ? 2 : 3) + (hardware ? 1 : 0);
  const whole =
    curve === undefined
      ? first.length === 32
      : first.toString('latin1') === curve && second?.length === pointLength[curve] && second?.[0] === 4;
  return fields.length === expected && whole ? { type } : undefined;
}

/** The length-prefixed strings that the bytes consist of, if they do. */
function fieldsOf(bytes: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

function bitLength(mpint: Buffer): number {
  const start = mpint.findIndex((byte) => byte !== 0);
  const top = mpint[start];
  return top === undefined ? 0 : (mpint.length - start) * 8 - Math.clz32(top) + 24;
}
