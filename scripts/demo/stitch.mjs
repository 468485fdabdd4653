// Puts the pieces of a way that was cut at tile edges together again.
//
// A cut leaves the same point on both sides of the edge, and pieces keep the way's direction; so a piece that ends
// where another begins is followed by it. Only pieces of one and the same way are ever joined here: whether two ways
// meet is decided by shared points alone, so a bridge that has no point in common with the road below stays apart.
import { TILE_UNITS } from './tiles.mjs';

const pointKey = ([x, y]) => `${x},${y}`;

/** True when both points lie on one tile edge: such a segment was drawn by the clipper, not by a mapper. */
function isAlongEdge([ax, ay], [bx, by]) {
  return (ax === bx && ax % TILE_UNITS === 0) || (ay === by && ay % TILE_UNITS === 0);
}

/** A clipped ring without its edge segments: the chains that remain, in order. An untouched ring comes back whole. */
export function ringChains(ring) {
  const cuts = [];
  for (let i = 0; i + 1 < ring.length; i++) if (isAlongEdge(ring[i], ring[i + 1])) cuts.push(i);
  if (cuts.length === 0) return [ring];
  const corners = ring.slice(0, -1);
  const chains = [];
  cuts.forEach((cut, nth) => {
    const next = nth + 1 < cuts.length ? cuts[nth + 1] : cuts[0] + corners.length;
    const chain = [];
    for (let i = cut + 1; i <= next; i++) chain.push(corners[i % corners.length]);
    if (chain.length > 1) chains.push(chain);
  });
  return chains;
}

/** Joins chains end to start until nothing joins any more. Returns new chains, the input is not changed. */
export function joinChains(pieces) {
  const byStart = new Map();
  const ends = new Set(pieces.map((piece) => pointKey(piece[piece.length - 1])));
  pieces.forEach((piece) => {
    const key = pointKey(piece[0]);
    byStart.set(key, [...(byStart.get(key) ?? []), piece]);
  });
  const used = new Set();
  const follow = (first) => {
    const chain = [...first];
    used.add(first);
    for (;;) {
      const next = (byStart.get(pointKey(chain[chain.length - 1])) ?? []).find((piece) => !used.has(piece));
      if (next === undefined) return chain;
      used.add(next);
      chain.push(...next.slice(1));
    }
  };
  // Chains with a true beginning first; what is left after that is a circle, which may begin anywhere.
  const heads = pieces.filter((piece) => !ends.has(pointKey(piece[0])));
  const chains = heads.map(follow);
  for (const piece of pieces) if (!used.has(piece)) chains.push(follow(piece));
  return chains;
}

function isClosed(chain) {
  return chain.length > 3 && pointKey(chain[0]) === pointKey(chain[chain.length - 1]);
}

/**
 * The chains of one way from all its pieces ([{area, lines}]). An area that cannot be closed again, because it
 * runs out of the tiles that there are, keeps the edge of the tile as its side.
 */
export function stitchWay(pieces) {
  const lines = pieces.filter((piece) => !piece.area).flatMap((piece) => piece.lines);
  const rings = pieces.filter((piece) => piece.area).flatMap((piece) => piece.lines);
  const chains = joinChains(lines);
  if (rings.length === 0) return chains;
  const joined = joinChains(rings.flatMap(ringChains));
  return chains.concat(joined.every(isClosed) ? joined : rings);
}
