// Makes the table and the JSON of what was asked over loopback:
//   loopback.mjs RUNS OUT.json
// RUNS: "places contestant requests/s p50_us p99_us errors answer_bytes" a line, one a round.
import { readFileSync, writeFileSync } from 'node:fs'

const [runs, out] = process.argv.slice(2)
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1]
const groups = new Map()
for (const line of readFileSync(runs, 'utf8').split('\n')) {
  const [places, name, ...figures] = line.split(' ')
  if (figures.length !== 5) continue
  const key = `${places} ${name}`
  groups.set(key, [...(groups.get(key) ?? []), figures.map(Number)])
}
const results = []
for (const [key, rounds] of groups) {
  const [places, by] = key.split(' ')
  const [requests_per_s, p50_us, p99_us, errors, answer_bytes] = rounds[0].map((_, i) => median(rounds.map((r) => r[i])))
  results.push({ places: Number(places), by, requests_per_s, p50_us, p99_us, errors, answer_bytes, rounds: rounds.map((r) => r[0]) })
}
// The ratio of each round, since a noisy minute hits all contestants of a round.
for (const r of results) {
  const ours = results.find((o) => o.places === r.places && o.by === 'yizhan')
  r.ours_times = +median(r.rounds.map((rate, i) => ours.rounds[i] / rate)).toFixed(3)
}
const put = (text, width) => String(text).padStart(width)
console.log(`${put('places', 9)}  ${'by'.padEnd(18)}${put('requests/s', 11)}${put('p50, us', 10)}${put('p99, us', 10)}${put('errors', 8)}${put('bytes', 7)}${put('ours is', 10)}`)
for (const r of results)
  console.log(`${put(r.places, 9)}  ${r.by.padEnd(18)}${put(r.requests_per_s.toFixed(0), 11)}${put(r.p50_us, 10)}${put(r.p99_us, 10)}${put(r.errors, 8)}${put(r.answer_bytes, 7)}${put(`${r.ours_times.toFixed(2)} x`, 10)}`)
writeFileSync(out, JSON.stringify({ loopback: results }, null, 2) + '\n')
