// Photos on their way to become pictures of ours. What came up beside words that did not is not brought twice.
import { own } from '../../shared/api/own';
import { newIdempotencyKey } from '../../shared/api/send-report';
import { filesOf, type Photos } from '../use-photos';

/** Brings what is not there yet, once all is made smaller, and gives the ids of all, in their order. `onEach` is told how many are there. */
export function bringer(photos: Photos): (onEach?: (there: number) => void) => Promise<string[]> {
  const brought = new Map<File, string>();
  return async (onEach = () => undefined) => {
    await photos.ready;
    const ids: string[] = [];
    for (const file of filesOf(photos)) {
      const id = brought.get(file) ?? (await own.addPicture(file, newIdempotencyKey())).id;
      brought.set(file, id);
      ids.push(id);
      onEach(ids.length);
    }
    return ids;
  };
}
