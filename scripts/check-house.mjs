#!/usr/bin/env node
// Holds the rules of scripts/house.txt over the C sources: the include ladder, one library one door,
// banned functions, unique stems, sizes. Prints every breach with file and line; exits 1 on any.
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

const files = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-co', '--exclude-standard', '*.c', '*.h', '*.cc'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file && existsSync(join(root, file)));

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

// A definition starts in column 0, ends at the "}" in column 0 below it.
function checkFunctions(file, lines) {
  let name = null;
  let start = 0;
  lines.forEach((line, i) => {
    const head = /^[A-Za-z_][\w\s*]*?\b(\w+)\s*\(/.exec(line);
    if (head && !line.trimEnd().endsWith(';')) [name, start] = [head[1], i];
    if (line.startsWith('}') && name) {
      const length = i - start + 1;
      if (length > MAX_FUNCTION_LINES)
        breach(file, start + 1, `${name} is ${length} lines long; ${MAX_FUNCTION_LINES} is the limit`);
      name = null;
    }
  });
}

const stems = new Map();
for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8');
  const raw = text.split('\n');
  const lines = bare(text).split('\n');
  checkIncludes(file, raw);
  checkFunctions(file, lines);
  if (raw.length - 1 > MAX_FILE_LINES)
    breach(file, 1, `${raw.length - 1} lines; ${MAX_FILE_LINES} is the limit`);
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
console.log(`${files.length} source files, ${breaches} breaches of the house's rules`);
process.exit(breaches ? 1 : 0);
