#!/usr/bin/env node
// Holds the rules of scripts/house.txt over the C sources: the include ladder, one library one door,
// banned functions, unique stems; and sizes over all sources. Prints every breach with file and
// line; exits 1 on any.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const MAX_FILE_LINES = 500;
const MAX_FUNCTION_LINES = 60;

const layers = new Map();
const doors = [];
const banned = [];
for (const line of readFileSync(join(root, 'scripts/house.txt'), 'utf8').split('\n')) {
  const [verb, name, ...rest] = line.trim().split(/\s+/);
  if (verb === 'layer') layers.set(name, new Set(rest));
  else if (verb === 'door') doors.push({ prefix: name, file: rest[0] });
  else if (verb === 'banned') banned.push(name);
}
const bannedCall = new RegExp(`(?<![\\w.>])(${banned.join('|')})\\s*\\(`);

function list(...patterns) {
  const words = ['-c', 'safe.directory=*', 'ls-files', '-co', '--exclude-standard', ...patterns];
  return execFileSync('git', words, { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file && existsSync(join(root, file)));
}
const files = list('*.c', '*.h', '*.cc');
const scripts = list('*.mjs', '*.js', '*.ts', '*.vue');
const others = list('*.css', '*.html', '*.lua', '*.sh', '*.sql', 'scripts/*').filter((file) => !scripts.includes(file));

let breaches = 0;
function breach(file, line, text) {
  breaches++;
  console.log(`${file}:${line}: ${text}`);
}

// Blanks comments and the insides of strings, keeps line numbers.
function bare(text) {
  return text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, (match) =>
    match[0] === '"' || match[0] === "'"
      ? match[0] + match[0]
      : match.replace(/[^\n]+/g, ''),
  );
}

// A door of several files is written with a star at its end.
function isDoor(door, file) {
  return door.file.endsWith('*') ? file.startsWith(door.file.slice(0, -1)) : file === door.file;
}

function checkIncludes(file, lines) {
  const here = dirname(file);
  const isTest = file.startsWith('tests/');
  lines.forEach((line, i) => {
    const own = /^\s*#\s*include\s*"([^"]+)"/.exec(line);
    const foreign = /^\s*#\s*include\s*<([^>]+)>/.exec(line);
    if (own && !isTest) {
      const target = dirname(own[1]);
      if (!own[1].includes('/'))
        breach(file, i + 1, `write includes from the repository root: "${own[1]}"`);
      else if (target !== here && !layers.get(here)?.has(target))
        breach(file, i + 1, `${here} must not include from ${target}: "${own[1]}"`);
    }
    if (foreign && !isTest)
      for (const door of doors)
        if (foreign[1].startsWith(door.prefix) && !isDoor(door, file))
          breach(file, i + 1, `<${foreign[1]}> is included by ${door.file} alone`);
  });
}

function checkFile(file, raw) {
  if (raw.length - 1 > MAX_FILE_LINES)
    breach(file, 1, `${raw.length - 1} lines; ${MAX_FILE_LINES} is the limit`);
}

function checkLength(file, first, last, name) {
  const length = last - first + 1;
  if (length > MAX_FUNCTION_LINES)
    breach(file, first + 1, `${name} is ${length} lines long; ${MAX_FUNCTION_LINES} is the limit`);
}

// A definition starts in column 0, ends at the "}" in column 0 below it.
function checkFunctions(file, lines) {
  let name = null;
  let start = 0;
  lines.forEach((line, i) => {
    const head = /^TEST\((\w+)/.exec(line) ?? /^[A-Za-z_][\w\s*]*?\b(\w+)\s*\(/.exec(line);
    if (head && !line.trimEnd().endsWith(';')) [name, start] = [head[1], i];
    if (line.startsWith('}') && name) {
      checkLength(file, start, i, name);
      name = null;
    }
  });
}

// A function starts in a line that ends "=> {" or ") {" and ends at the bracket below its beginning. One
// that only gathers tests is as long as they are many.
function checkScriptFunctions(file, lines) {
  const open = [];
  const gathers = (first, last) => lines.slice(first + 1, last).some((line) => /\b(test|describe)\('/.test(line));
  lines.forEach((line, i) => {
    const indent = line.search(/\S/);
    while (/^\s*[}\])]/.test(line) && open.length && open.at(-1).indent >= indent) {
      const { indent: own, first, text } = open.pop();
      if (own === indent && !gathers(first, i)) checkLength(file, first, i, text);
    }
    if (/(=>|\bfunction\b.*\)(: .+)?|^\s*(async )?\w+\(.*\)(: .+)?) \{$/.test(line) && !/^\s*(if|for|while|switch)\b/.test(line))
      open.push({ indent, first: i, text: line.trim() });
  });
}

const stems = new Map();
for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8');
  const raw = text.split('\n');
  const lines = bare(text).split('\n');
  checkIncludes(file, raw);
  checkFunctions(file, lines);
  checkFile(file, raw);
  lines.forEach((line, i) => {
    const call = bannedCall.exec(line);
    if (call) breach(file, i + 1, `${call[1]}() is not used here`);
  });
  if (/^(geo|data|server)\//.test(file)) {
    if (!layers.has(dirname(file))) breach(file, 1, 'lies in no layer of scripts/house.txt');
    const stem = basename(file).replace(/\.\w+$/, '');
    const other = stems.get(stem);
    if (other && dirname(other) !== dirname(file)) breach(file, 1, `its stem is taken by ${other}`);
    else stems.set(stem, file);
  }
}
for (const file of [...scripts, ...others]) {
  const raw = readFileSync(join(root, file), 'utf8').split('\n');
  checkFile(file, raw);
  if (scripts.includes(file)) checkScriptFunctions(file, raw);
}
console.log(`${files.length + scripts.length + others.length} source files, ${breaches} breaches of the house's rules`);
process.exit(breaches ? 1 : 0);
