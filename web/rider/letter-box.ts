// Where letters lie on this device until they are sent: IndexedDB, for photos do not go into localStorage. Nothing here
// throws: where the browser forbids it, what cannot be kept lasts as long as the page.
const BASE = 'yizhan';
const STORE = 'letters';

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(BASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('no IndexedDB'));
  });
}

let base: Promise<IDBDatabase> | null = null;

async function run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
  try {
    base ??= opened();
    const work = (await base).transaction(STORE, mode);
    return await new Promise<T>((resolve, reject) => {
      const request = act(work.objectStore(STORE));
      work.commit?.(); // does not wait for this page, which may be about to go
      work.oncomplete = () => resolve(request.result);
      work.onabort = () => reject(work.error ?? new Error('IndexedDB refused'));
    });
  } catch {
    return null;
  }
}

export async function readLetters<T>(): Promise<T[]> {
  return (await run<T[]>('readonly', (store) => store.getAll() as IDBRequest<T[]>)) ?? [];
}

/** Done when it would be found again after the page is gone. */
export async function keepLetter<T extends { key: string }>(letter: T): Promise<void> {
  await run('readwrite', (store) => store.put(letter));
}

export async function dropLetter(key: string): Promise<void> {
  await run('readwrite', (store) => store.delete(key));
}
