// PNGs (ISO/IEC 15948) of white shapes: from RGBA, as rsvg-convert writes them, to a palette of sixteen transparencies of white, which
// look the same and have a fifth of the bytes.
import { deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const LEVELS = 16;

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});
function crc(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = crcTable[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const head = Buffer.alloc(4), tail = Buffer.alloc(4), typed = Buffer.concat([Buffer.from(type), data]);
  head.writeUInt32BE(data.length);
  tail.writeUInt32BE(crc(typed));
  return Buffer.concat([head, typed, tail]);
}

/** Width, height and the joined data of a PNG of 8-bit RGBA without interlacing. */
function open(png) {
  const header = png.subarray(16, 29);
  if (!png.subarray(0, 8).equals(SIGNATURE) || header[8] !== 8 || header[9] !== 6 || header[12] !== 0) throw new Error('not a PNG of 8-bit RGBA');
  const parts = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  return { width: header.readUInt32BE(0), height: header.readUInt32BE(4), data: inflateSync(Buffer.concat(parts)) };
}

function paeth(a, b, c) {
  const p = a + b - c, pa = Math.abs(p - a), pb = Math.abs(p - b), pc = Math.abs(p - c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/** The rows without their filters. */
function unfilter({ width, height, data }) {
  const stride = width * 4, rows = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = data[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const a = x < 4 ? 0 : rows[y * stride + x - 4], b = y ? rows[(y - 1) * stride + x] : 0, c = x < 4 || !y ? 0 : rows[(y - 1) * stride + x - 4];
      const guess = [0, a, b, (a + b) >> 1, paeth(a, b, c)][filter];
      rows[y * stride + x] = data[y * (stride + 1) + 1 + x] + guess;
    }
  }
  return rows;
}

export function whiten(png) {
  const opened = open(png), { width, height } = opened, rows = unfilter(opened);
  const stride = Math.ceil(width / 2), packed = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const level = Math.round((rows[(y * width + x) * 4 + 3] / 255) * (LEVELS - 1));
      packed[y * (stride + 1) + 1 + (x >> 1)] |= x & 1 ? level : level << 4;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([4, 3, 0, 0, 0], 8);
  const alpha = Buffer.from(Array.from({ length: LEVELS }, (_, i) => Math.round((i * 255) / (LEVELS - 1))));
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('PLTE', Buffer.alloc(3 * LEVELS, 255)), chunk('tRNS', alpha),
    chunk('IDAT', deflateSync(packed, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}
