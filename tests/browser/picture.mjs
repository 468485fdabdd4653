// A photo made up on the spot: a manhole cover on asphalt, as PNG (W3C PNG specification, third edition).
import { deflateSync } from 'node:zlib';

const CRC = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRC[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

function grain(x, y, seed) {
  const n = Math.sin(x * 12.9898 + y * 78.233 + seed) * 43758.5453;
  return n - Math.floor(n);
}

function colourAt(x, y, size, seed) {
  const [dx, dy] = [(x - size / 2) / size, (y - size / 2) / size];
  const r = Math.hypot(dx, dy);
  const noise = grain(x, y, seed) * 26;
  if (r > 0.36) return [112 + noise, 112 + noise, 116 + noise];
  if (r > 0.33) return [40 + noise / 2, 40 + noise / 2, 44 + noise / 2];
  const isRaised = (Math.floor(x / 18) + Math.floor(y / 18)) % 2 === 0;
  const tone = isRaised ? 92 : 70;
  return [tone + noise, tone - 6 + noise, tone - 12 + noise];
}

/** PNG bytes of `size` by `size` pixels; another seed is another picture. */
export function makePicture(size = 480, seed = 1) {
  const rows = Buffer.alloc(size * (1 + size * 3));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      rows.set(colourAt(x, y, size, seed).map(Math.floor), y * (1 + size * 3) + 1 + x * 3);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
