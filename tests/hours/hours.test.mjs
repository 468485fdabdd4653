// Opening hours as the program reads them, held against opening_hours.js, over values as they stand in maps and over
// random ones of the grammar that geo/place/hours.h states. Nowhere may one say open and the other closed, nor one
// that the next change comes at a minute at which the other is sure of something else. Where the Chinese sentence of
// a value can be read as opening hours again, it must say what the value says.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import OpeningHours from 'opening_hours'

process.env.TZ = 'UTC'
const judge = process.env.YIZHAN_JUDGE_HOURS ?? new URL('../../build/debug/geo/place/judge_hours', import.meta.url).pathname
const seed = Number(process.env.HOURS_SEED ?? 1), random = mulberry(seed)
const place = { lat: '39.9', lon: '116.4', address: { country_code: 'cn', country: 'China', state: '' } }
const DAY = 86400000
const years = [2024, 2025, 2026, 2027]
const lines = (name) => readFileSync(new URL(name, import.meta.url), 'utf8').split('\n').filter(Boolean)

function mulberry(a) {
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
const below = (n) => Math.floor(random() * n)
const pick = (list) => list[below(list.length)]
const some = (n, make, glue = ',') => Array.from({ length: 1 + below(n) }, make).join(glue)

// ---- the other evaluator ----

function quietly(run) {
  const kept = { log: console.log, warn: console.warn, error: console.error }
  console.log = console.warn = console.error = () => {}
  try {
    return run()
  } finally {
    Object.assign(console, kept)
  }
}
function compile(value) {
  try {
    return quietly(() => new OpeningHours(value, place, { locale: 'en' }))
  } catch {
    return null
  }
}
const stateOf = (hours, date) =>
  quietly(() => (hours.getUnknown(date) ? 'unknown' : hours.getState(date) ? 'open' : 'closed'))

// Its own idea of public holidays, so that the rules are compared and not the lists.
function holidays() {
  const off = compile('PH'), days = []
  for (let t = Date.UTC(years[0], 0, 1); t < Date.UTC(years.at(-1) + 1, 0, 1); t += DAY)
    if (off.getState(new Date(t + DAY / 2))) days.push(t / DAY)
  return days
}

// ---- ours ----

// [value, moment]… → states; with `more`, what tests/hours/judge_hours.c says of it
let known
function ask(questions, more = '') {
  known ??= `! ${years.join(' ')} | ${holidays().join(' ')}`
  const text = questions.map(([value, at]) => `${value}\t${Math.floor(at / DAY)}\t${(at % DAY) / 60000}${more && '\t'}${more}`)
  const { stdout, status, stderr } = spawnSync(judge, { input: [known, ...text, ''].join('\n'), maxBuffer: 1 << 28 })
  assert.equal(status, 0, stderr?.toString())
  const answers = stdout.toString().split('\n').slice(0, -1)
  assert.equal(answers.length, questions.length)
  return answers
}

// ---- moments: random ones, and those at which a day or a time of the value turns ----

function moments(value, count) {
  const list = []
  const edges = [...value.matchAll(/(\d{1,2}):(\d\d)/g)].map((m) => +m[1] * 60 + +m[2])
  for (let i = 0; i < count; i++) {
    const year = pick(years)
    let day = Date.UTC(year, below(12), 1 + below(31))
    if (i % 7 === 0) day = Date.UTC(year, pick([0, 1, 2, 3, 8, 9, 10, 11]), pick([1, 2, 3, 8, 23, 25, 28, 29, 31]))
    if (day >= Date.UTC(years.at(-1) + 1, 0, 1)) day -= DAY * 40
    const minute = i % 2 && edges.length ? (pick(edges) + pick([-1, 0, 0, 1])) % 1440 : below(1440)
    list.push(day + Math.max(0, minute) * 60000)
  }
  return list
}

function compare(values, count) {
  const questions = [], theirs = []
  let skipped = 0
  for (const value of values) {
    const hours = compile(value)
    if (!hours) {
      skipped++
      continue
    }
    for (const at of moments(value, count)) {
      theirs.push(stateOf(hours, new Date(at)))
      questions.push([value, at])
    }
  }
  const ours = ask(questions)
  const tally = { compared: ours.length, skipped, refused: new Set(), same: 0, cautious: 0, wrong: [] }
  ours.forEach((mine, i) => {
    const [value, at] = questions[i]
    if (mine === 'refused') tally.refused.add(value)
    else if (mine === theirs[i]) tally.same++
    else if (mine === 'unknown' || theirs[i] === 'unknown') tally.cautious++
    else tally.wrong.push(`${value} at ${new Date(at).toISOString()}: ${mine}, not ${theirs[i]}`)
  })
  return tally
}

const said = (t) => `${t.compared} compared, ${t.same} the same, ${t.cautious} unknown to one, ${t.skipped} the other cannot read`

// ---- the next change ----

const HORIZON = 400 * DAY

/** When and to what the other one's state changes after a moment: [moment, state], or null within the horizon. */
function nextChange(hours, at) {
  const now = stateOf(hours, new Date(at)), last = new Date(at + HORIZON)
  let date = new Date(at)
  for (;;) {
    date = quietly(() => hours.getNextChange(date, last)) // also where only the comment changes
    if (!date || date > last) return null
    const state = stateOf(hours, date)
    if (state !== now) return [date.getTime(), state]
  }
}

/** Ours held against the other one's, which is right wherever it is sure of what it says. */
function verdictOf(mine, theirs, hours) {
  if (!mine && !theirs) return 'same'
  if (mine && theirs && mine[0] === theirs[0])
    return mine[1] === theirs[1] ? 'same' : [mine[1], theirs[1]].includes('unknown') ? 'cautious' : 'wrong'
  const first = !theirs || (mine && mine[0] < theirs[0]) ? mine : theirs // the other still says what it said before
  if (first[1] === 'unknown') return 'cautious'
  return first === mine && stateOf(hours, new Date(mine[0])) === mine[1] ? 'missed' : 'wrong'
}

function compareChanges(values, count) {
  const questions = [], theirs = []
  for (const value of values) {
    const hours = compile(value)
    for (const at of hours ? moments(value, count) : []) {
      questions.push([value, at])
      theirs.push({ hours, state: stateOf(hours, new Date(at)), next: nextChange(hours, at) })
    }
  }
  const tally = { compared: 0, same: 0, cautious: 0, unsure: 0, missed: 0, wrong: [] }
  ask(questions, 'next').forEach((answer, i) => {
    const [state, day, minute, to] = answer.split(' '), [value, at] = questions[i]
    if (state === 'refused') return
    tally.compared++
    if (state !== theirs[i].state || state === 'unknown') return tally.unsure++
    const mine = day === 'never' ? null : [Number(day) * DAY + Number(minute) * 60000, to]
    const verdict = verdictOf(mine, theirs[i].next, theirs[i].hours)
    const told = (next) => (next ? `${new Date(next[0]).toISOString()} ${next[1]}` : 'never')
    if (verdict === 'wrong') tally.wrong.push(`${value} from ${new Date(at).toISOString()} ${state}: ${told(mine)}, not ${told(theirs[i].next)}`)
    else tally[verdict]++
  })
  return tally
}

const saidOfChanges = (t) =>
  `${t.compared} next changes, ${t.same} the same, ${t.cautious} to or over unknown for one, ${t.unsure} from unknown, ` +
  `${t.missed} that it passes over against its own state`

// ---- the sentence ----

function readSentences(values, count) {
  const asked = values.map((value) => [value, 0])
  const zh = ask(asked, 'zh'), en = ask(asked, 'en')
  const questions = [], sentences = []
  const tally = { said: 0, readable: new Set(), compared: 0, empty: [], wrong: [] }
  values.forEach((value, i) => {
    if (zh[i] === 'refused') return
    tally.said++
    if (!zh[i].trim() || !en[i].trim()) tally.empty.push(value)
    for (const at of moments(value, count)) {
      questions.push([value, at])
      sentences.push([zh[i], at])
    }
  })
  const plain = ask(questions), read = ask(sentences)
  plain.forEach((state, i) => {
    if (read[i] === 'refused') return
    tally.readable.add(sentences[i][0])
    tally.compared++
    const [value, at] = questions[i]
    if (read[i] !== state) tally.wrong.push(`${value} at ${new Date(at).toISOString()}: ${state}; ${sentences[i][0]}: ${read[i]}`)
  })
  return tally
}

const saidOfSentences = (t) => `${t.said} sentences, ${t.readable.size} read again, ${t.compared} compared`

// ---- random values ----

const weekdays = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (n) => String(n).padStart(2, '0')
const clock = (m) => `${two(Math.floor(m / 60))}:${two(m % 60)}`
const year = () => years[0] + below(years.length)

function day() {
  const kind = below(8)
  if (kind < 4) return pick(weekdays)
  if (kind < 6) return `${pick(weekdays)}-${pick(weekdays)}`
  return `${pick(weekdays)}[${pick(['1', '2', '-1', '1,3', '2-4', '5'])}]`
}
function days() {
  const kind = below(10)
  if (kind === 0) return 'PH'
  if (kind === 1) return `PH,${some(2, day)}`
  if (kind === 2) return `${some(2, day)},PH`
  return some(3, day)
}
function dates() {
  const kind = below(6), m = pick(months), d = 1 + below(28)
  if (kind === 0) return some(2, () => `${pick(months)}-${pick(months)}`)
  if (kind === 1) return some(3, () => pick(months))
  if (kind === 2) return `${m} ${d}`
  if (kind === 3) return `${m} ${d}-${pick(months.filter((other) => other !== m))} ${1 + below(28)}`
  if (kind === 4) return `${m} ${1 + below(14)}-${15 + below(13)}`
  const from = year()
  return `${from} ${m} ${d}-${from + 1} ${pick(months)} ${1 + below(28)}`
}
function wide() {
  const kind = below(12)
  if (kind < 5) return ''
  if (kind < 8) return dates()
  if (kind === 8) return pick([`${year()}`, '2025-2026', '2026+', '2024-2030/2'])
  if (kind === 9) return `week ${pick(['1-20', '10-53', '2-52/2', '7', '3,9,52', '1-53/4'])}`
  if (kind === 10) return `${pick(['2025-2026', '2024,2027', '2026+'])} ${pick(months)}-${pick(months)}`
  return pick(months)
}
function span() {
  const from = below(96) * 15, kind = below(12)
  if (kind === 0) return `${clock(from)}+`
  if (kind === 1) return `${clock(from)}-${clock(1440 + below(48) * 15)}`
  if (kind === 2) return `${clock(from)}-${clock((from + 15 * (1 + below(60))) % 1440)}+`
  return `${clock(from)}-${clock((from + 15 * (1 + below(60))) % 1440)}`
}
const modifier = () => pick(['', '', '', '', ' off', ' closed', ' open', ' unknown', ' "ask"', ' off "rest"'])
// The other one lets go of a fallback's nature where its times run over midnight, and reads a second rule that is
// nothing but a modifier as part of the first: such values are not asked for.
function rule(after) {
  if (after === ' || ') return [days(), '08:00-12:00', pick(['', 'unknown', 'off', '"ask"'])].join(' ').trim()
  const parts = [wide(), below(4) ? days() : '', below(6) ? some(3, span) : ''].filter(Boolean)
  if (after === ', ' && !parts.length) parts.push(days())
  return (parts.join(' ') + modifier()).trim() || '24/7'
}
function value() {
  let text = rule(), kind = ''
  for (let n = below(4); n > 0; n--) {
    const glue = pick(['; ', '; ', '; ', ', ', ' || '])
    kind = kind === ' || ' && glue === ', ' ? kind : glue
    text += glue + rule(kind)
  }
  return text
}

// ---- the tests ----

test('values as they stand in maps', () => {
  const tally = compare(lines('corpus.txt'), 150)
  console.log(said(tally))
  assert.deepEqual(tally.wrong.slice(0, 20), [])
  assert.deepEqual([...tally.refused], [], 'understood')
  assert.ok(tally.skipped <= 2, 'the other one reads nearly all, too')
  assert.ok(tally.same > tally.compared * 0.9, said(tally))
})

test('random values of the grammar', () => {
  const count = Number(process.env.HOURS_VALUES ?? 3000)
  const tally = compare(Array.from({ length: count }, value), 40)
  console.log(`seed ${seed}: ${said(tally)}, ${tally.refused.size} refused`)
  assert.deepEqual(tally.wrong.slice(0, 20), [])
  assert.ok(tally.refused.size < count * 0.002, [...tally.refused].slice(0, 30).join('\n'))
  assert.ok(tally.compared > count * 20 && tally.same > tally.compared * 0.9, said(tally))
})

test('the next change of values as they stand in maps', () => {
  const tally = compareChanges(lines('corpus.txt'), 30)
  console.log(saidOfChanges(tally))
  assert.deepEqual(tally.wrong.slice(0, 20), [])
  assert.ok(tally.same > tally.compared * 0.7, saidOfChanges(tally))
})

test('the next change of random values', () => {
  const count = Number(process.env.HOURS_VALUES ?? 3000) / 6
  const tally = compareChanges(Array.from({ length: count }, value), 10)
  console.log(`seed ${seed}: ${saidOfChanges(tally)}`)
  assert.deepEqual(tally.wrong.slice(0, 20), [])
  assert.ok(tally.same > tally.compared * 0.7, saidOfChanges(tally))
})

test('a sentence read again says what the value says', () => {
  const tally = readSentences([...lines('corpus.txt'), ...Array.from({ length: 1000 }, value)], 20)
  console.log(`seed ${seed}: ${saidOfSentences(tally)}`)
  assert.deepEqual(tally.empty, [])
  assert.deepEqual(tally.wrong.slice(0, 20), [])
  assert.ok(tally.readable.size > 150, saidOfSentences(tally))
})

test('what is not understood is refused', () => {
  const values = lines('refused.txt')
  const answers = ask(values.map((v) => [v, Date.UTC(2026, 0, 5, 11)]))
  assert.deepEqual(values.filter((v, i) => answers[i] !== 'refused'), [])
})
