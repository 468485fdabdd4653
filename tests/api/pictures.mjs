// Pictures that tests make themselves, byte by byte.
import { b } from './harness.mjs'
import { crc32, deflate } from './png.mjs'

export const u16 = (n) => Buffer.from([n >> 8, n & 255])
export const u32 = (n) => Buffer.from([(n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255])
export const low = (n) => Buffer.from([n & 255, n >> 8])
const low32 = (n) => Buffer.from([n & 255, (n >>> 8) & 255, (n >>> 16) & 255, (n >>> 24) & 255])

/** A baseline JPEG (ITU T.81) of one grey, in blocks of 8 by 8: DC differences of category 0, and end of block, a bit each.
 *  `inside`: segments behind SOI. */
export function jpeg(width, height, inside = Buffer.alloc(0)) {
  const segment = (marker, data) => b(Buffer.from([0xff, marker]), u16(data.length + 2), data)
  const table = (kind) => segment(0xc4, b(Buffer.from([kind, 1, ...Array(15).fill(0), 0])))
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8)
  return b(Buffer.from([0xff, 0xd8]), inside, segment(0xdb, b(Buffer.from([0]), Buffer.alloc(64, 1))),
    segment(0xc0, b(Buffer.from([8]), u16(height), u16(width), Buffer.from([1, 1, 0x11, 0]))), table(0), table(0x10),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])), Buffer.alloc(Math.ceil((blocks * 2) / 8)), Buffer.from([0xff, 0xd9]))
}

/** A segment APP1 of EXIF (CIPA DC-008) that claims a position, in whole degrees and minutes, and a time. */
export function exif([lonDeg, lonMin], [latDeg, latMin], time) {
  const entry = (tag, type, count, value) => b(low(tag), low(type), low32(count), value)
  const folder = (...entries) => b(low(entries.length), ...entries, low32(0))
  const degrees = (deg, min) => b(...[deg, 1, min, 1, 0, 1].map(low32))
  // Offsets from the head of TIFF: folder 0 at 8, that of EXIF at 38, of GPS at 56, then what they point to.
  const at = { exif: 38, gps: 56, time: 110, lat: 130, lon: 154 }
  const tiff = b('II*\0', low32(8), folder(entry(0x8769, 4, 1, low32(at.exif)), entry(0x8825, 4, 1, low32(at.gps))),
    folder(entry(0x9003, 2, 20, low32(at.time))),
    folder(entry(1, 2, 2, 'N\0\0\0'), entry(2, 5, 3, low32(at.lat)), entry(3, 2, 2, 'E\0\0\0'), entry(4, 5, 3, low32(at.lon))),
    `${time}\0`, degrees(latDeg, latMin), degrees(lonDeg, lonMin))
  return b(Buffer.from([0xff, 0xe1]), u16(tiff.length + 8), 'Exif\0\0', tiff)
}

/** A grey PNG; `shade(x, y)` of fractions of its width and height gives 0 to 255. */
export function painted(width, height, shade) {
  const chunk = (type, data) => b(u32(data.length), type, data, u32(crc32(b(type, data))))
  const rows = Array.from({ length: height }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: width }, (_, x) => Math.round(shade(x / width, y / height)))]))
  return b(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', b(u32(width), u32(height), Buffer.from([8, 0, 0, 0, 0]))),
    chunk('IDAT', deflate(b(...rows))), chunk('IEND', Buffer.alloc(0)))
}

/** A scene of soft lights that no other seed has. */
export function scene(seed) {
  const lights = Array.from({ length: 7 }, (_, i) => [0.5 + 0.45 * Math.sin(seed * 7.1 + i * 2.3), 0.5 + 0.45 * Math.cos(seed * 3.7 + i * 5.9), 0.06 + 0.02 * (i % 4)])
  return (x, y) => Math.min(255, lights.reduce((sum, [cx, cy, r]) => sum + 150 * Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * r * r)), 20))
}
