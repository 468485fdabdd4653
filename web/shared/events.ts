// What happens to reports, told by the server while the page is looked at.
const REFUSED_MS = 60_000; // until it is asked again by whom it was not told, or where too many are waiting
const GATHER_MS = 200; // what comes together is acted on once

/** Calls `act` when something happened to what `query` names ("report=…", "kind=…"), with the ids of the cases that it happened to, and
 *  once at the beginning, for what came between the last reading and then: null, as nobody knows to which. Returns how to stop. */
export function followEvents(query: string, act: (cases: ReadonlySet<string> | null) => void): () => void {
  let source: EventSource | null = null;
  let again: ReturnType<typeof setTimeout> | undefined;
  let gathering: ReturnType<typeof setTimeout> | undefined;

  let cases: Set<string> | null = new Set();

  function told(event: Event): void {
    const { report } = event instanceof MessageEvent && event.type === 'case' ? (JSON.parse(String(event.data)) as { report?: string }) : {};
    if (report === undefined) cases = null;
    else cases?.add(report);
    gathering ??= setTimeout(() => {
      const gathered = cases;
      gathering = undefined;
      cases = new Set();
      act(gathered);
    }, GATHER_MS);
  }
  function open(): void {
    const mine = (source = new EventSource(`/v1/events?${query}`));
    for (const type of ['case', 'reset']) mine.addEventListener(type, told);
    mine.addEventListener('open', told);
    mine.addEventListener('error', () => {
      if (mine.readyState !== EventSource.CLOSED || mine !== source) return; // it comes back by itself
      again = setTimeout(open, REFUSED_MS);
    });
  }
  function close(): void {
    clearTimeout(again);
    source?.close();
    source = null;
  }
  function openIfSeen(): void {
    close();
    if (document.visibilityState === 'visible') open();
  }
  openIfSeen();
  document.addEventListener('visibilitychange', openIfSeen);
  return () => {
    document.removeEventListener('visibilitychange', openIfSeen);
    clearTimeout(gathering);
    close();
  };
}
