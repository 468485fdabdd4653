// Vector tiles as a map reads them, with Mapbox's own reader.
import { VectorTile } from '@mapbox/vector-tile'
import Pbf from 'pbf'

/** The tile of zoom `z` that holds a point. */
export function tileAt(z, [lon, lat]) {
  const n = 2 ** z, rad = (lat * Math.PI) / 180
  return [z, Math.floor(((lon + 180) / 360) * n), Math.floor(((1 - Math.asinh(Math.tan(rad)) / Math.PI) / 2) * n)]
}

/** The features of each layer: `{ layer: [{ id, type, properties, geometry }] }`; none for an empty answer. */
export function layersOf(bytes) {
  if (bytes.length === 0) return {}
  const tile = new VectorTile(new Pbf(bytes)), layers = {}
  for (const [name, layer] of Object.entries(tile.layers)) {
    layers[name] = Array.from({ length: layer.length }, (_, i) => {
      const feature = layer.feature(i)
      return { id: feature.id, type: feature.type, properties: feature.properties, geometry: feature.loadGeometry() }
    })
  }
  return layers
}
