#!/usr/bin/env node
// Turns the Unicode character database (Debian's unicode-data) into the C file behind geo/place/unihan.h:
//
//   unihan.mjs FOLDER OUTPUT.c
//
// Two tables over all code points, pages of 256 of which equal ones are kept once: what a character is
// folded to (NFKD without marks, small letters, simplified Chinese), and how a Chinese character is read in
// Mandarin, without tones. Formats: UAX #44 (UnicodeData.txt) and UAX #38 (Unihan).
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const [folder, output] = process.argv.slice(2);
const LAST = 0x10ffff;
const MAX_READINGS = 16;
const [GAP, SELF, DROPPED] = [0, 1, 2]; // and from 3 on: where in the list of foldings, plus 3

// Letters that have no decomposition and are still written for others.
const LIKE = { ß: 'ss', ø: 'o', đ: 'd', ð: 'd', ħ: 'h', ı: 'i', ł: 'l', ŧ: 't', æ: 'ae', œ: 'oe', þ: 'th', ŋ: 'ng', ɡ: 'g', ɑ: 'a' };
const APOSTROPHES = "'’‘ʼ`´＇";

const codePoint = (hex) => Number.parseInt(hex, 16);

function readCharacters() {
  const characters = new Map();
  let first = null;
  for (const line of readFileSync(`${folder}/UnicodeData.txt`, 'utf8').split('\n')) {
    const [hex, name, category, , , decomposition, decimal, , , , , , , lower] = line.split(';');
    if (!hex) continue;
    const character = {
      category,
      parts: decomposition ? decomposition.replace(/^<\w+> ?/, '').split(' ').map(codePoint) : null,
      decimal,
      lower: lower ? codePoint(lower) : null,
    };
    if (name.endsWith(', First>')) first = codePoint(hex);
    else if (name.endsWith(', Last>')) for (let c = first; c <= codePoint(hex); c++) characters.set(c, character);
    else characters.set(codePoint(hex), character);
  }
  return characters;
}

// Fields of a Unihan file: field → Map(code point → value).
function readUnihan(file) {
  const fields = new Map();
  const text = execFileSync('bzip2', ['-dc', `${folder}/${file}`], { maxBuffer: 1 << 28 }).toString('utf8');
  for (const line of text.split('\n')) {
    const [code, field, value] = line.split('\t');
    if (!value || !code.startsWith('U+')) continue;
    if (!fields.has(field)) fields.set(field, new Map());
    fields.get(field).set(codePoint(code.slice(2)), value);
  }
  return fields;
}

const characters = readCharacters();
const variants = readUnihan('Unihan_Variants.txt.bz2').get('kSimplifiedVariant');
const dictionaries = readUnihan('Unihan_Readings.txt.bz2');
const like = new Map(Object.entries(LIKE).map(([from, to]) => [from.codePointAt(0), [...to].map((c) => c.codePointAt(0))]));
const apostrophes = new Set([...APOSTROPHES].map((c) => c.codePointAt(0)));

// A character of which one simplified form is itself stays: 乾 is 干 and 乾.
function simplified(c) {
  const forms = variants.get(c)?.split(' ').map((form) => codePoint(form.slice(2)));
  return !forms || forms.includes(c) ? c : forms[0];
}

const isMark = (c) => (c >= 0x300 && c <= 0x36f) || c === 0x3099 || c === 0x309a || (c >= 0xfe00 && c <= 0xfe0f);

function fold(c) {
  const character = characters.get(c);
  if (apostrophes.has(c) || isMark(c) || character?.category === 'Cf') return [];
  if (!character) return [0x20];
  if (character.decimal) return [0x30 + Number(character.decimal)];
  if (character.parts) return character.parts.flatMap(fold);
  if (character.lower) return fold(character.lower);
  if (like.has(c)) return like.get(c);
  const other = simplified(c);
  if (other !== c) return fold(other);
  return 'LMN'.includes(character.category[0]) ? [c] : [0x20];
}

// The values a dictionary gives: "lè(283) yuè(54)", "212.030:lè 453.020:yuè", "hún kūn".
function readingsOf(c) {
  const given = (field) => (dictionaries.get(field)?.get(c) ?? '').split(' ').flatMap((v) => v.replace(/\(.*|.*:/, '').split(','));
  const common = ['kHanyuPinlu', 'kMandarin', 'kTGHZ2013', 'kXHC1983'].flatMap(given).filter(Boolean);
  return common.length ? common : given('kHanyuPinyin').filter(Boolean);
}

// Without tones; ü, which keyboards lack, is written v or u.
function plain(reading) {
  const base = reading.normalize('NFD').replace(/u\u0304?\u0308/g, 'v').replace(/\p{M}/gu, '').toLowerCase();
  if (!/^[a-z]{1,6}$/.test(base) || !/[aeiouv]/.test(base)) return [];
  return base.includes('v') ? [base, base.replace('v', 'u')] : [base];
}

function pages(valueOf) {
  const known = new Map();
  const index = [];
  const values = [];
  for (let first = 0; first <= LAST; first += 256) {
    const page = Array.from({ length: 256 }, (_, i) => valueOf(first + i));
    const key = page.join();
    if (!known.has(key)) {
      known.set(key, known.size);
      values.push(...page);
    }
    index.push(known.get(key));
  }
  return { index, values };
}

function lister(first) {
  const known = new Map();
  const list = [...first];
  return {
    list,
    put(values) {
      const key = values.join();
      if (!known.has(key)) {
        known.set(key, list.length);
        list.push(...values);
      }
      return known.get(key);
    },
  };
}

const foldings = lister([]);
const foldPages = pages((c) => {
  const to = fold(c).slice(0, 8);
  if (to.length === 0) return DROPPED;
  if (to.length === 1 && to[0] === 0x20) return GAP;
  if (to.length === 1 && to[0] === c) return SELF;
  return 3 + foldings.put([...to, 0]);
});

// A number that Unihan leaves out.
dictionaries.get('kMandarin').set('〇'.codePointAt(0), 'líng');

const isFolded = (c) => foldPages.values[foldPages.index[c >> 8] * 256 + (c & 255)] === SELF;
const readings = new Map();
for (const c of dictionaries.get('kMandarin').keys()) {
  const plainOnes = [...new Set(readingsOf(c).flatMap(plain))].slice(0, MAX_READINGS);
  if (plainOnes.length && isFolded(c)) readings.set(c, plainOnes);
}
const syllables = [...new Set([...readings.values()].flat())].sort();
const numbers = new Map(syllables.map((s, i) => [s, i]));
const sets = lister([0]); // set 0: no reading
const readingPages = pages((c) => {
  const own = readings.get(c);
  return own ? sets.put([own.length, ...own.map((s) => numbers.get(s)).sort((a, b) => a - b)]) : 0;
});

function array(type, name, values) {
  const lines = [];
  for (let i = 0; i < values.length; i += 24) lines.push(`    ${values.slice(i, i + 24).join(',')},`);
  return `static const ${type} ${name}[] = {\n${lines.join('\n')}\n};\n`;
}

for (const [what, count] of [
  ['foldings', foldings.list.length],
  ['sets of readings', sets.list.length],
]) if (count > 0xfff0) throw new Error(`too many ${what}`);
writeFileSync(
  output,
  `/* Made by cmake/unihan.mjs from the Unicode character database. */
#include "geo/place/unihan.h"

${array('uint16_t', 'fold_index', foldPages.index)}
${array('uint16_t', 'fold_values', foldPages.values)}
${array('uint32_t', 'foldings', foldings.list)}
${array('uint16_t', 'reading_index', readingPages.index)}
${array('uint16_t', 'reading_values', readingPages.values)}
${array('uint16_t', 'reading_sets', sets.list)}
static const char syllables[][UNIHAN_SYLLABLE + 1] = {
${syllables.map((s) => `    "${s}",`).join('\n')}
};

const struct unihan_tables unihan_tables = {
    fold_index, fold_values, foldings, reading_index, reading_values, reading_sets,
    syllables, ${syllables.length},
};
`,
);
