// The server's style as it is by night: the same map, its colours turned from light to dark. What stands for something (places, closures) keeps its own.
import type { StyleSpecification } from 'maplibre-gl';

const KEPT = /^(place|cluster|closure)/;
const HEX = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i;
/** The lightness that white and black become, by the layer: streets stay lighter than the ground, and their edges darker. */
const SHADES: [layer: RegExp, white: number, black: number][] = [
  [/^road-.*-casing$/, 0.06, 0.3], [/-name$/, 0.09, 0.86], [/^road-/, 0.27, 0.5], [/./, 0.11, 0.86],
];

function channels(hex: string): [number, number, number] {
  const full = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1);
  const at = (i: number) => parseInt(full.slice(i, i + 2), 16) / 255;
  return [at(0), at(2), at(4)];
}

/** The colour with its lightness (HSL) turned upside down, and far less vivid. */
function nightColour(hex: string, [, white, black]: (typeof SHADES)[number]): string {
  const [r, g, b] = channels(hex);
  const most = Math.max(r, g, b), least = Math.min(r, g, b);
  const light = (most + least) / 2;
  const spread = most - least;
  const vivid = spread === 0 ? 0 : spread / (1 - Math.abs(2 * light - 1));
  const hue = spread === 0 ? 210 : (most === r ? ((g - b) / spread + 6) % 6 : most === g ? (b - r) / spread + 2 : (r - g) / spread + 4) * 60;
  const turned = white + (1 - light) * (black - white);
  return `hsl(${hue.toFixed(0)}, ${(vivid * 22).toFixed(0)}%, ${(turned * 100).toFixed(0)}%)`;
}

function turned(value: unknown, shade: (typeof SHADES)[number]): unknown {
  if (typeof value === 'string') return HEX.test(value) ? nightColour(value, shade) : value;
  if (Array.isArray(value)) return value.map((part) => turned(part, shade));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, turned(part, shade)]));
  return value;
}

export function nightStyle(style: StyleSpecification): StyleSpecification {
  const layers = style.layers.map((layer) => {
    const isSign = KEPT.test(layer.id) && layer.id !== 'place-name';
    const shade = SHADES.find(([of]) => of.test(layer.id));
    return isSign || !('paint' in layer) || !shade ? layer : { ...layer, paint: turned(layer.paint, shade) };
  });
  return { ...style, layers } as StyleSpecification;
}
