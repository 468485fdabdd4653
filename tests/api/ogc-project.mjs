// Coordinates in the reference systems of the OGC façade, computed apart from it.
const radians = Math.PI / 180

/** Transverse Mercator by Krüger's series in n, to the fourth order: easting and northing in metres from where its axes cross. */
function kruger(lon, lat, meridian, flattening, scale) {
  const a = 6378137, n = flattening / (2 - flattening), e = Math.sqrt(flattening * (2 - flattening))
  const radius = (a / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64)
  const alpha = [
    n / 2 - (2 / 3) * n ** 2 + (5 / 16) * n ** 3 + (41 / 180) * n ** 4,
    (13 / 48) * n ** 2 - (3 / 5) * n ** 3 + (557 / 1440) * n ** 4,
    (61 / 240) * n ** 3 - (103 / 140) * n ** 4,
    (49561 / 161280) * n ** 4,
  ]
  const s = Math.sin(lat * radians), t = Math.sinh(Math.atanh(s) - e * Math.atanh(e * s)), d = (lon - meridian) * radians
  const xi = Math.atan2(t, Math.cos(d)), eta = Math.asinh(Math.sin(d) / Math.hypot(t, Math.cos(d)))
  const sum = (f) => alpha.reduce((total, c, j) => total + c * f(2 * (j + 1)), 0)
  return [
    scale * radius * (eta + sum((k) => Math.cos(k * xi) * Math.sinh(k * eta))),
    scale * radius * (xi + sum((k) => Math.sin(k * xi) * Math.cosh(k * eta))),
  ]
}

/** `[coordinates, slack]`, in the order of axes of the system's authority. */
export function project(uri, [lon, lat]) {
  const code = Number(uri.split('/').at(-1))
  if (uri.endsWith('CRS84')) return [[lon, lat], 2e-7]
  if (code === 4326 || code === 4490) return [[lat, lon], 2e-7]
  if (code === 3857)
    return [[6378137 * lon * radians, 6378137 * Math.log(Math.tan(Math.PI / 4 + (lat * radians) / 2))], 0.02]
  if (code >= 4534 && code <= 4554) {
    const [east, north] = kruger(lon, lat, 75 + (code - 4534) * 3, 1 / 298.257222101, 1)
    return [[north, 500000 + east], 0.02]
  }
  if (code > 32600 && code <= 32660) {
    const [east, north] = kruger(lon, lat, (code - 32600) * 6 - 183, 1 / 298.257223563, 0.9996)
    return [[500000 + east, north], 0.02]
  }
  throw new Error(`unknown here: ${uri}`)
}
