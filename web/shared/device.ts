// A device by the name that people have for it, as far as what its browser called itself (cut short by the server) tells one.
const SYSTEMS: [RegExp, string][] = [
  [/HarmonyOS|OpenHarmony/, 'HarmonyOS'], [/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/Android/, 'Android'], [/CrOS/, 'ChromeOS'], [/Windows/, 'Windows'], [/Macintosh|Mac OS X/, 'Mac'], [/Linux/, 'Linux'],
];
const BROWSERS: [RegExp, string][] = [[/MicroMessenger/, 'WeChat'], [/Edg/, 'Edge'], [/Firefox|FxiOS/, 'Firefox'], [/Chrome|CriOS/, 'Chrome'], [/Safari|Version\/.* Mobile/, 'Safari']];

const first = (names: [RegExp, string][], text: string) => names.find(([pattern]) => pattern.test(text))?.[1];

/** "Android · Chrome"; what is no browser keeps the name that it gave itself, and null is who gave none. */
export function deviceName(agent: string): string | null {
  if (!agent.startsWith('Mozilla/')) return agent.trim() || null;
  return [first(SYSTEMS, agent), first(BROWSERS, agent)].filter((part) => part !== undefined).join(' · ') || null;
}
